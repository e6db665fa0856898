// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// `make -j2` of a C project, generated once, that is compiled anew each time.
///
/// Nobody reads of `make`, which does not wait for the observer. The tasks that it makes are counted by the kernel, for the whole machine.
///
/// @param folder where the project is
record Compile(Path folder) implements Load {
    private static final int FUNCTIONS = 20;
    private static final String MAKEFILE =
            """
            OBJECTS := $(patsubst %.c,%.o,$(wildcard *.c))
            all: $(OBJECTS)
            %.o: %.c
            \tgcc -std=c99 -O1 -c -o $@ $<
            clean:
            \t@find . -name '*.o' -delete
            """;

    /// Writes a project.
    ///
    /// @param files how many files it has
    static Compile generate(Path folder, int files) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("Makefile"), MAKEFILE);
        for (int file = 0; file < files; file++) {
            StringBuilder text = new StringBuilder("#include <stdio.h>\n");
            for (int i = 0; i < FUNCTIONS; i++) {
                text.append(function("f" + file + "_" + i, i + 2));
            }
            Files.writeString(folder.resolve("file" + file + ".c"), text);
        }
        return new Compile(folder);
    }

    private static String function(String name, int step) {
        return """
        int %s(int n) {
            int sum = 0;
            for (int i = 0; i < n; i += %d) {
                sum += i %% 3 == 0 ? printf("%%d", i) : sum ^ i;
            }
            return sum;
        }
        """
                .formatted(name, step);
    }

    @Override
    public String name() {
        return "make -j2";
    }

    @Override
    public Done run(Observer observer) throws IOException, InterruptedException {
        Command.run(folder, "make", "-s", "clean");
        long forks = forks();
        long start = System.nanoTime();
        Command.Output output = Command.run(folder, "make", "-s", "-j2");
        Done done = new Done(output.pid(), System.nanoTime() - start, forks() - forks, 0);
        observer.awaitQuiet();
        return done;
    }

    /// {@return how many tasks were made since the machine was booted, as `/proc/stat` has it}
    private static long forks() throws IOException {
        return Files.readAllLines(Path.of("/proc/stat")).stream()
                .filter(line -> line.startsWith("processes "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .findFirst()
                .orElseThrow();
    }
}
