// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

/// `taskwatch follow`
final class FollowCommand implements Command {
    @Override
    public String usage() {
        return """
        Usage: taskwatch follow [OPTION...] PID
        Shows a process and its descendants as a tree, then what happens to them, until all have ended
        or it is interrupted.

          --event LIST      show these: CLONE,EXEC,UID,GID,EXIT,FREE; else CLONE,EXEC,EXIT
          --threads         show threads too
        """;
    }

    @Override
    public int run(Arguments arguments) {
        String line =
                "task:follow"
                        + arguments.flag("--threads")
                        + arguments.list("--event", "event", Arguments.EVENTS)
                        + " "
                        + arguments.positive("PID", arguments.operands().getFirst());
        return ControlClient.execute(arguments.base(), line);
    }
}
