// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.client;

import org.apache.commons.cli.Options;
import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.command.Command;
import org.taskwatch.launcher.command.Operands;

/// `taskwatch follow`
public final class FollowCommand implements Command {
    /// Makes the command.
    public FollowCommand() {}

    @Override
    public String description() {
        return """
        Shows a process and its descendants as a tree, then what happens to them, until all have ended
        or it is interrupted.
        """;
    }

    @Override
    public Options options() {
        return new Options()
                .addOption(
                        Command.option(
                                "event",
                                "LIST",
                                "show these: CLONE,EXEC,UID,GID,EXIT,FREE; else CLONE,EXEC,EXIT"))
                .addOption(Command.flag("threads", "show threads too"));
    }

    @Override
    public Operands operands() {
        return new Operands("PID", 1, 1, false);
    }

    @Override
    public int run(Arguments arguments) {
        long pid = arguments.positive("PID", arguments.operands().getFirst());
        return ControlClient.execute(arguments, "task:follow" + words(arguments) + " " + pid);
    }

    /// {@return the options as words of Gogo, after a space}
    static String words(Arguments arguments) {
        return arguments.flag("threads") + arguments.list("event", "event", EventsCommand.EVENTS);
    }
}
