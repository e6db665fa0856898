// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.Test;
import org.taskwatch.itests.Instance.Result;
import org.taskwatch.itests.Instance.Running;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A life on the live kernel is recorded by one instance and played by another: both tell the same.
public class RecordIT extends CommandsFixture {
    /// What two instances count for themselves, and times, which are compared apart.
    private static final Pattern OWN = Pattern.compile("\"(seq|time|start|source)\":[^,]+,");

    private static final Pattern TID = Pattern.compile("\"tid\":(\\d+)");
    private static final Pattern PARENT = Pattern.compile("\"ppid\":(\\d+)");

    @Test
    public void shouldTellTheSameWhenARecordingIsPlayedElsewhere() throws Exception {
        Path file = folder.path().resolve("life.rec");
        Running events = taskwatch.start("events", "--json");
        Running record = taskwatch.start("record", "--capture", "CMDLINE,EXE", file.toString());
        awaitStreams(2);
        awaitThat(() -> Files.exists(file) && Files.readString(file).contains("\nfound 1 1 "));

        Process script =
                script(
                        "read x; /bin/true a b; (exit 3); sh -c 'sleep 0.2; kill -9 $$';"
                                + " exec sh -c 'sleep 0.1; exit 4'");
        long root = script.pid();
        end(script);
        assertThat(script.waitFor()).isEqualTo(4);
        awaitThat(() -> Files.readString(file).contains("\nfreed " + root + " "));
        awaitThat(() -> hasEnded(events, root));
        assertEndsInOrder(record, file);
        List<String> lived = life(events.out(), root);
        assertThat(lived).hasSizeGreaterThan(15);

        assertAlike(play(file, root), lived);
    }

    private static boolean hasEnded(Running events, long pid) throws IOException {
        return !life(events.out(), pid).stream()
                .filter(line -> isFree(line, pid))
                .toList()
                .isEmpty();
    }

    private static boolean isFree(String line, long pid) {
        return line.contains("\"FREE\"") && number(TID, line) == pid;
    }

    private static void assertEndsInOrder(Running record, Path file) throws Exception {
        record.process().destroy();
        Result result = record.result();
        assertThat(result.status()).isZero();
        assertThat(result.err())
                .startsWith("taskwatch: " + file + ": ")
                .endsWith(", 0 losses, " + Files.size(file) + " bytes\n");
        assertThat(Files.readString(file)).endsWith("\n");
    }

    /// {@return what another instance tells of a process and its descendants when it plays a recording}
    private static List<String> play(Path file, long root) throws Exception {
        Path other = Files.createDirectory(folder.path().resolve("other"));
        try (Instance player = new Instance(Instance.distribution(), other)) {
            player.run();
            Running events = player.start("events", "--json");
            awaitThat(() ->
                    player.call("shell", "task:watchers").out().contains(" org.taskwatch.shell "));
            Files.writeString(
                    player.base().resolve("etc/org.taskwatch.source.replay.cfg"),
                    "file = " + file + "\npace = recorded\n");
            awaitThat(() -> isPlayed(events.out(), root));
            return life(played(events.out()), root);
        }
    }

    private static boolean isPlayed(String events, long root) {
        return played(events).lines().anyMatch(line -> isFree(line, root));
    }

    private static String played(String events) {
        return String.join(
                "\n",
                events.lines()
                        .filter(line -> line.contains("\"source\":\"replay\""))
                        .filter(line -> line.contains("\"origin\":\"OBSERVED\""))
                        .toList());
    }

    private static List<String> life(String events, long root) {
        Set<Long> tree = new HashSet<>(Set.of(root));
        List<String> life = new ArrayList<>();
        for (String line : events.lines().filter(line -> line.endsWith("}")).toList()) {
            if (tree.contains(number(PARENT, line))) {
                tree.add(number(TID, line));
            }
            if (tree.contains(number(TID, line))) {
                life.add(line);
            }
        }
        return life;
    }

    private static long number(Pattern pattern, String line) {
        Matcher found = pattern.matcher(line);
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    private static void assertAlike(List<String> played, List<String> lived) {
        assertThat(played)
                .extracting(line -> OWN.matcher(line).replaceAll(""))
                .isEqualTo(lived.stream().map(line -> OWN.matcher(line).replaceAll("")).toList());
        for (int i = 0; i < lived.size(); i++) {
            for (String field : List.of("time", "start")) {
                assertThat(time(field, played.get(i)))
                        .as("%s of %s", field, lived.get(i))
                        .isCloseTo(time(field, lived.get(i)), within(10, ChronoUnit.MILLIS));
            }
        }
    }

    private static Instant time(String field, String line) {
        Matcher found = Pattern.compile("\"" + field + "\":\"([^\"]+)\"").matcher(line);
        assertThat(found.find()).isTrue();
        return Instant.parse(found.group(1));
    }
}
