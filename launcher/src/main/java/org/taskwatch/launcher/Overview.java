// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.taskwatch.launcher.command.Arguments;
import org.taskwatch.launcher.command.Command;

/// `taskwatch` without a command: tells which there are.
final class Overview implements Command {
    @Override
    public String description() {
        return """
        Calls watchers at the significant moments in the life of every Linux task.

          run          watch, in the foreground, until it is stopped
          stop         stop the running instance, and wait until it is gone
          status       tell how the running instance is
          shell        give a command to the running instance, or get a shell
          events       show the live stream of events
          wait         wait until processes have ended, and tell how
          follow       show the life of a process and its descendants
          monitor      run a command, and show what it and its descendants do
          kmonitor     let programs written for /dev/kmonitor find the file kmonitor

        taskwatch COMMAND --help tells more.
        """;
    }

    @Override
    public int run(Arguments arguments) {
        throw arguments.wrong("missing required subcommand");
    }
}
