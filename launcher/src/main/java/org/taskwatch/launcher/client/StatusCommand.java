// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.command.Command;

/// `taskwatch status`
public final class StatusCommand implements Command {
    /// Makes the command.
    public StatusCommand() {}

    @Override
    public String description() {
        return """
        Tells how the running instance is.
        """;
    }

    @Override
    public int run(Arguments arguments) {
        return ControlClient.execute(arguments, "task:status");
    }
}
