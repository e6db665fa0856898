// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.command.Operands;

/// `taskwatch wait`
public final class WaitCommand implements Command {
    /// Makes the command.
    public WaitCommand() {}

    @Override
    public String description() {
        return """
        Waits until processes have ended, whosever children they are, and tells how.
        Exits as the wait of a shell does, of the process that is named last: with its exit code, with
        128 and the number of the signal that has ended it, with 127 if it is not there or nobody knows.
        """;
    }

    @Override
    public Operands operands() {
        return new Operands("PID...", 1, Integer.MAX_VALUE, false);
    }

    @Override
    public int run(Arguments arguments) {
        StringBuilder line = new StringBuilder("task:await");
        for (String pid : arguments.operands()) {
            line.append(' ').append(arguments.positive("PID", pid));
        }
        return ControlClient.execute(arguments, line.toString());
    }
}
