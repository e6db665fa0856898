// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.IOException;
import java.nio.file.Path;

/// The program `storm`, see `src/main/c/storm.c`.
///
/// @param folder where it is
record Generator(Path folder) {
    /// Its file name; the kernel calls its tasks so.
    static final String NAME = "storm";

    /// Compiles it.
    ///
    /// @param source the source file
    /// @param folder where the program goes
    /// @throws IOException if there is no gcc, or it fails
    static Generator compile(Path source, Path folder) throws IOException, InterruptedException {
        Command.compile(source, folder.resolve(NAME));
        return new Generator(folder);
    }

    /// {@return tasks made as fast as it can be}
    ///
    /// @param kind `fork`, `vfork`, `spawn` or `thread`
    /// @param workers how many processes make them
    /// @param count how many each of them makes
    Load storm(String kind, int workers, int count) {
        return load(kind + " x " + workers, kind, workers, count);
    }

    /// {@return forks at a steady rate}
    ///
    /// @param rate how many in a second
    /// @param seconds for how long
    Load steady(int rate, int seconds) {
        return load(rate + " forks/s", "steady", rate, seconds);
    }

    private Load load(String name, String kind, int first, int second) {
        return new Load() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Done run(Observer observer) throws IOException, InterruptedException {
                Command.Output output =
                        Command.run(
                                folder,
                                observer::awaitQuiet,
                                folder.resolve(NAME).toString(),
                                kind,
                                String.valueOf(first),
                                String.valueOf(second));
                String[] counts = output.text().split(" ");
                long forks = Long.parseLong(counts[0]);
                long events = forks + Long.parseLong(counts[1]) + Long.parseLong(counts[2]);
                return new Done(output.pid(), Long.parseLong(counts[3]), forks, events);
            }
        };
    }
}
