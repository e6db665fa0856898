// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

import org.taskwatch.api.file.FileException;
import org.taskwatch.linux.Signal;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is kept while the bundle, or all of taskwatch, is away: a file of properties.
///
/// @param signal the signal
/// @param processes the processes to be told; none after a boot
/// @param settings the configuration that was applied last
record SavedState(int signal, List<ProcessIdentity> processes, Settings settings) {
    /// What holds where nothing is kept.
    static final SavedState NOTHING =
            new SavedState(
                    Signal.REAL_TIME_MIN, List.of(), new Settings(OptionalInt.empty(), Set.of()));

    /// {@return what a file has, [#NOTHING] if there is no file}
    ///
    /// @throws IOException if it can't be read, or is no such file
    static SavedState read(Path file) throws IOException {
        if (Files.notExists(file)) {
            return NOTHING;
        }
        Properties saved = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            saved.load(reader);
            boolean isThisBoot = ProcessIdentity.boot().equals(saved.getProperty("boot"));
            return new SavedState(
                    Settings.signal(saved.getProperty("signal", "")),
                    isThisBoot ? identities(saved.getProperty("processes", "")) : List.of(),
                    Settings.of(
                            saved.getProperty("configured.signal", ""),
                            saved.getProperty("configured.processes", "")));
        } catch (FileException | IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static List<ProcessIdentity> identities(String text) {
        return Stream.of(text.split(" ", -1))
                .filter(identity -> !identity.isEmpty())
                .map(ProcessIdentity::parse)
                .toList();
    }

    /// Writes it, so that a reader, or a crash, finds all of the old text or all of the new one.
    ///
    /// @param file what is replaced
    void write(Path file) throws IOException {
        String text =
                """
                # What relay fork does after a restart. Written by taskwatch.
                boot = %s
                signal = %d
                processes = %s
                configured.signal = %s
                configured.processes = %s
                """
                        .formatted(
                                ProcessIdentity.boot(),
                                signal,
                                joined(processes),
                                joined(settings.signal().stream().boxed().toList()),
                                joined(settings.pids()));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String joined(Collection<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
