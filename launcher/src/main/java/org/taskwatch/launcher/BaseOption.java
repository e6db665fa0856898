// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/// The option `--base`, which every command has.
final class BaseOption {
    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "the directory of the instance; else $TASKWATCH_BASE, else ~/.taskwatch")
    private @Nullable Path directory;

    Base base() {
        return Base.of(directory);
    }
}
