// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.Assume.assumeTrue;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.itests.Instance.Running;
import org.taskwatch.itests.probe.Held;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A recording of the JVM's flight recorder explains what was lost: a watcher hangs until its lane is full, and the
/// instance stands still until the kernel drops events.
public class FlightRecorderIT {
    private static final String HUNG = Instance.module("hung.jar");
    private static final String LANE = "taskwatch-lane-" + HUNG;
    private static final int CAPACITY = 64; // of each lane
    private static final int STORM = 700; // processes, with three events each; the buffer takes 630

    private final TempFolder folder = TempFolder.create();
    private final Path file = folder.path().resolve("recording.jfr");
    private final Instance taskwatch =
            new Instance(
                    Instance.distribution(),
                    folder.path(),
                    "env",
                    "TASKWATCH_OPTS=-Dtaskwatch.lane.capacity=" + CAPACITY);
    private Running run;

    @Before
    public void runWithASmallBuffer() throws Exception {
        taskwatch.useConnector();
        taskwatch.configure("org.taskwatch.source.connector", "receive.buffer = " + (256 << 10));
        run = taskwatch.run();
        assumeTrue("needs the proc connector", run.out().contains("source connector"));
    }

    @After
    public void cleanUp() throws Exception {
        if (run != null) {
            signal("CONT");
        }
        Files.writeString(folder.path().resolve(Held.GO), "");
        taskwatch.close();
        folder.close();
    }

    private static void shell(String script) throws Exception {
        new ProcessBuilder("/bin/sh", "-c", script).start().waitFor();
    }

    private void signal(String name) throws Exception {
        shell("kill -" + name + " " + run.process().pid());
    }

    /// {@return what the instance answers to a command of jcmd}
    private String jcmd(String... words) throws Exception {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Path out = folder.path().resolve("jcmd");
        Process process =
                new ProcessBuilder(jcmd + "", run.process().pid() + "", String.join(" ", words))
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        assertThat(process.waitFor(Instance.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }

    /// {@return the events of one kind that the recording has by now}
    private List<RecordedEvent> recorded(String name) throws Exception {
        jcmd("JFR.dump", "name=it", "filename=" + file);
        return all(name);
    }

    private List<RecordedEvent> all(String name) throws IOException {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("org.taskwatch." + name))
                .toList();
    }

    private void awaitRecorded(String name, String field, Object value) {
        await().atMost(Instance.DEADLINE)
                .pollInterval(Duration.ofMillis(200))
                .until(() ->
                        recorded(name).stream()
                                .anyMatch(event -> value.equals(event.getValue(field))));
    }

    private void awaitSeen(String line) {
        await().atMost(Instance.DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    folder.runMarked();
                    return folder.seen().contains(line);
                });
    }

    private void record() throws Exception {
        assertThat(jcmd("VM.class_hierarchy"))
                .as("classes, before anybody records")
                .contains("org.taskwatch.core.Lane")
                .doesNotContain("org.taskwatch.core.Traced", "org.taskwatch.tasks.pump.Traced");
        jcmd(
                "JFR.start",
                "name=it",
                "+org.taskwatch.PumpBatch#threshold=0ms",
                "+org.taskwatch.SlowCapture#threshold=0ms");
    }

    private void loseAtBothPlaces() throws Exception {
        taskwatch.deploy("hung.jar", "hung", Held.class);
        awaitSeen("hung entered");
        signal("STOP");
        shell("i=0; while [ $i -lt " + STORM + " ]; do /bin/true; i=$((i + 1)); done");
        signal("CONT");
        awaitRecorded("Loss", "place", "SOURCE");
        Files.writeString(folder.path().resolve(Held.GO), "");
        awaitRecorded("Loss", "place", "LANE");
        taskwatch.undeploy("hung.jar");
        awaitRecorded("Drain", "module", HUNG);
    }

    @Test
    public void shouldExplainWhatWasLost() throws Exception {
        record();
        loseAtBothPlaces();

        assertThat(all("SlowCall")).anySatisfy(FlightRecorderIT::assertIsOfHung);
        assertThat(all("Loss"))
                .anySatisfy(loss -> {
                    assertThat(loss.getString("place")).isEqualTo("LANE");
                    assertThat(loss.getString("module")).isEqualTo(HUNG);
                    assertThat(loss.getLong("count")).isPositive();
                    assertThat(loss.getString("cause")).contains("was full (" + CAPACITY);
                    assertThat(loss.getInstant("since")).isBefore(loss.getStartTime());
                });
        assertThat(all("Drain"))
                .anyMatch(drain ->
                        drain.getString("module").equals(HUNG) && drain.getBoolean("inTime"));
        assertThat(all("PumpBatch"))
                .allMatch(batch -> batch.getString("source").equals("connector"))
                .anyMatch(batch -> batch.getLong("events") > CAPACITY);
        RecordedEvent dropped =
                all("Loss").stream()
                        .filter(loss -> loss.getString("place").equals("SOURCE"))
                        .findFirst()
                        .orElseThrow();
        assertThat(all("Repair"))
                .anyMatch(repair -> repair.getStartTime().isAfter(dropped.getStartTime()));
        assertThat(all("SlowCapture"))
                .anyMatch(read -> read.getString("path").startsWith("/proc/"));
        assertThat(all("Counter"))
                .anyMatch(FlightRecorderIT::isLaneLoss)
                .anyMatch(counter -> counter.getString("name").equals("table_tasks"));
    }

    private static void assertIsOfHung(RecordedEvent call) {
        assertThat(call.getString("module")).isEqualTo(HUNG);
        assertThat(call.getString("watcher")).isEqualTo(Held.class.getName());
        assertThat(call.getThread("caller").getJavaName()).isEqualTo(LANE);
        assertThat(call.getDuration("lasts")).isGreaterThan(Duration.ofMillis(100));
        assertThat(call.getString("frames")).contains("Held.notify");
    }

    private static boolean isLaneLoss(RecordedEvent counter) {
        return counter.getString("name").equals("lost_events_total")
                && counter.getString("labels").equals("at=" + HUNG + ",place=lane")
                && counter.getLong("value") > 0;
    }
}
