// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/// `taskwatch status`
@Command(name = "status", description = "Tells how the running instance is.")
final class StatusCommand implements Callable<Integer> {
    @Mixin private final BaseOption option = new BaseOption();

    @Override
    public Integer call() {
        return ShellCommand.execute(
                option.base(), "task:status", Main.standardOutput(), Main.standardError());
    }
}
