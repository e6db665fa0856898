// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

/// `taskwatch status`
final class StatusCommand implements Command {
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
