// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.recording.RecordingWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What is told of a recording, and when.
public class ReplaySourceTest {
    private static final int LONG_MS = 60_000;
    private static final long MILLI = 1_000_000;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();
    @Rule public final Timeout timeout = new Timeout(30, TimeUnit.SECONDS);

    private final Told told = new Told();
    private Path file;
    private ReplaySource source;

    @Before
    public void create() {
        file = folder.getRoot().toPath().resolve("a.rec");
        source = new ReplaySource(file + " ", "fast");
    }

    @After
    public void close() {
        source.close();
    }

    private void write(String lines) throws IOException {
        Files.writeString(file, RecordingWriter.HEADER + lines);
    }

    /// A recording by the clock of here: no time is shifted.
    private void writeOfHere(String lines) throws IOException {
        long epoch = TaskNotification.epochNanos(Instant.now()) - System.nanoTime();
        write("# by hand\nsource \"connector\" epoch=" + epoch + " boot=0\n" + lines);
    }

    private void openPaced() throws SourceException {
        source = new ReplaySource(file.toString(), "recorded");
        source.open();
    }

    private boolean hasEnded() {
        return source.counters().getOrDefault("ended", 0L) == 1;
    }

    private void playAll() {
        while (!hasEnded()) {
            source.receive(told, LONG_MS);
        }
    }

    @Test
    public void shouldTellWhatWasRecorded() throws Exception {
        String lines =
                """
                found 1 1 5000 start_ticks=7 comm="init"
                cloned 812 812 6000 parent_tid=1 parent_pid=1 clone_flags=0
                executed 812 812 7000 comm="ls" exe=?gone args="ls","-l"...
                lost 17 since=7000 cause="the buffer was full"
                exited 812 812 8000 status=256
                freed 812 812 9000 repaired
                """;
        writeOfHere(lines);
        source.open();
        assertThat(source.isLocal()).isFalse();
        assertThat(source.limits()).contains(file.toString());
        playAll();

        assertThat(told.lines()).containsExactlyElementsOf(lines.lines().toList());
        assertThat(source.counters())
                .isEqualTo(Map.of("records", 5L, "losses", 1L, "bad_lines", 0L, "ended", 1L));
    }

    @Test
    public void shouldGoOnThroughAnotherSourceByTheClockOfTheFirst() throws Exception {
        writeOfHere("freed 7 7 1\nsource \"procfs\" epoch=0 boot=0\nfreed 8 8 2\n");
        source.open();
        playAll();

        assertThat(told.lines()).containsExactly("freed 7 7 1", "freed 8 8 2");
    }

    @Test
    public void shouldReturnAfterABatchHoweverMuchIsDue() throws Exception {
        writeOfHere("freed 7 7 1\n".repeat(1000));
        source.open();
        source.receive(told, LONG_MS);
        assertThat(told.lines()).hasSize(512);

        playAll();
        assertThat(told.lines()).hasSize(1000);
    }

    @Test
    public void shouldKeepTheTimeBetweenTwoRecordsAtTheRecordedPace() throws Exception {
        writeOfHere(
                """
                found 1 1 -999000000000000
                cloned 7 7 1000000000
                lost 1 since=1000000000 cause=""
                exited 7 7 1200000000
                freed 7 7 1100000000
                """);
        openPaced();
        source.receive(told, LONG_MS);
        long begun = System.nanoTime();
        assertThat(told.lines()).hasSize(3);

        int receives = 0;
        while (!hasEnded()) {
            source.receive(told, LONG_MS);
            receives++;
        }
        assertThat(System.nanoTime() - begun).isGreaterThan(150 * MILLI);
        assertThat(told.lines()).hasSize(5);
        assertThat(receives).as("it waits, and does not spin").isLessThan(10);
    }

    @Test
    public void shouldNotWaitLongerThanItIsTold() throws Exception {
        writeOfHere("freed 7 7 1\nfreed 8 8 999000000000000\n");
        openPaced();
        source.receive(told, 0);
        source.receive(told, 20);
        assertThat(told.lines()).containsExactly("freed 7 7 1");
    }

    @Test
    public void shouldReturnFromAReceiveThatItIsWokenFor() throws Exception {
        writeOfHere("freed 7 7 1\nfreed 8 8 999000000000000\n");
        openPaced();
        source.receive(told, 0);
        source.wake(); // else the next one would end this test by its timeout
        source.receive(told, LONG_MS);

        Thread waker = Thread.ofPlatform().start(() -> wakeWhenWaiting(source));
        wakeable = Thread.currentThread();
        source.receive(told, LONG_MS);
        waker.join();
        assertThat(told.lines()).containsExactly("freed 7 7 1");
    }

    private volatile @Nullable Thread wakeable;

    private void wakeWhenWaiting(ReplaySource waiting) {
        Thread thread = wakeable;
        while (thread == null || thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
            thread = wakeable;
        }
        waiting.wake();
    }

    @Test
    public void shouldStayActiveAndIdleAtTheEnd() throws Exception {
        writeOfHere("");
        source.open();
        playAll();
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < 50 * MILLI) {
            source.receive(told, 60);
        }

        assertThat(told.lines()).isEmpty();
    }

    @Test
    public void shouldTellABadLineAsALossAndGoOn() throws Exception {
        writeOfHere("freed 7 7 5\nfreed x\n\u0000\nfreed 8 8 6\n");
        source.open();
        playAll();

        List<String> lines = told.lines();
        assertThat(lines).hasSize(4).startsWith("freed 7 7 5").endsWith("freed 8 8 6");
        assertThat(lines.get(1))
                .startsWith(
                        "lost 1 since=5 cause=\"a bad line of the recording: line 5: the tid is");
        assertThat(source.counters().get("bad_lines")).isEqualTo(2);
    }

    @Test
    public void shouldTellATimeThatHasNoNumberHereAsABadLine() throws Exception {
        write("source \"x\" epoch=9000000000000000000 boot=0\nfreed 7 7 9000000000000000000\n");
        source.open();
        playAll();

        assertThat(told.lines())
                .singleElement()
                .asString()
                .contains("a bad line of the recording: line 3: a time is out of range");
    }

    @Test
    public void shouldTellAnEndThatWasCut() throws Exception {
        writeOfHere("freed 7 7 5\nfreed 8 8");
        source.open();
        playAll();

        assertThat(told.lines())
                .containsExactly(
                        "freed 7 7 5",
                        "lost 1 since=5 cause=\"a bad line of the recording: the recording ends"
                                + " inside line 5; how many events are missing is not known\"");
        assertThat(source.counters().get("bad_lines")).isEqualTo(1);
    }

    @Test
    public void shouldBeginAnewWhenItIsOpenedAgain() throws Exception {
        writeOfHere("freed 7 7 5\n");
        source.open();
        playAll();
        source.close();
        assertThat(source.counters()).isEmpty();

        source.open();
        playAll();
        assertThat(told.lines()).containsExactly("freed 7 7 5", "freed 7 7 5");
    }

    @Test
    public void shouldSayWhyItCannotBeOpened() throws Exception {
        assertRefused("can't play the recording " + file + ": no such file");
        write("freed 7 7 5\n");
        assertRefused("can't play the recording " + file + ": line 2: expected source, before all");
        Files.writeString(file, "\u007fELF");
        assertRefused(
                "can't play the recording " + file + ": line 1: it has no end; expected 'task");
        write("\nsource \"x\" epoch=9223372036854775807 boot=-9223372036854775807\n");
        assertRefused("can't play the recording " + file + ": line 3: its times are out of range");

        source = new ReplaySource(folder.getRoot().toString(), "fast");
        assertRefused("can't play the recording " + folder.getRoot() + ": it is no plain file");
        source = new ReplaySource("a.rec", "fast");
        assertRefused(
                "file is \"a.rec\"; in etc/org.taskwatch.source.replay.cfg set it to the absolute"
                        + " path");
        source = new ReplaySource(file.toString(), "slow");
        assertRefused(
                "pace is \"slow\"; in etc/org.taskwatch.source.replay.cfg set it to recorded or"
                        + " fast");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(source::open)
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith(message);
        source.close();
    }
}
