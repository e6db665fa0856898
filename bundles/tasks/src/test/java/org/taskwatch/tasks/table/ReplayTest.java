// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameters;
import org.taskwatch.source.recording.RecordingLine;
import org.taskwatch.source.recording.RecordingReader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The recordings in `src/test/resources/recordings`, each with what the table must tell of it beside it:
/// `NAME.rec` and `NAME.events`. A failing recording that a user has sent becomes a test by its file alone.
@RunWith(Parameterized.class)
public class ReplayTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/recordings");

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private final String name;
    private final ToldLines told = new ToldLines();

    public ReplayTest(String name) {
        this.name = name;
    }

    @Parameters(name = "{0}")
    public static List<String> recordings() throws IOException {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".rec"))
                    .map(file -> file.substring(0, file.length() - ".rec".length()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    public void shouldTellWhatStandsBesideTheRecording() throws Exception {
        play(Mirror.tableOfAnotherMachine(folder.getRoot().toPath(), told));

        Path expected = RECORDINGS.resolve(name + ".events");
        assertThat(told.lines())
                .as("what is told of %s.rec; what must be told stands in %s", name, expected)
                .isEqualTo(Files.exists(expected) ? Files.readAllLines(expected) : List.of());
    }

    private void play(TableUpdater table) throws Exception {
        try (RecordingReader reader =
                new RecordingReader(Files.newInputStream(RECORDINGS.resolve(name + ".rec")))) {
            for (RecordingLine line = reader.next(); line != null; line = reader.next()) {
                switch (line) {
                    case RecordingLine.Source _ -> {} // its times need not be those of the day
                    case RecordingLine.Happened(var record) -> table.accept(record);
                    case RecordingLine.Lost(var count, var cause, var since) ->
                            table.lost(count, cause, since);
                }
            }
            assertThat(reader.isCut()).isFalse();
        }
    }
}
