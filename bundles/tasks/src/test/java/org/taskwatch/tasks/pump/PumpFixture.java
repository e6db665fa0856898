// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.pump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.rules.TemporaryFolder;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.SourceInfo.State;
import org.taskwatch.tasks.fake.FakeCore;
import org.taskwatch.tasks.fake.FakeInterest;
import org.taskwatch.tasks.fake.FakeSource;
import org.taskwatch.tasks.fake.Records;
import org.taskwatch.tasks.procfs.ProcFs;
import org.taskwatch.testing.FakeProc;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A pump between two sources of a test and a core that keeps what it is told.
abstract class PumpFixture {
    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    final FakeCore core = new FakeCore();

    final FakeInterest interest = new FakeInterest();

    final SourceList sources = new SourceList();

    final FakeSource good = new FakeSource("good");

    final FakeSource plain = new FakeSource("plain");

    final CountDownLatch ready = new CountDownLatch(1);

    FakeProc proc;

    Pump pump;

    @Before
    public void setUp() throws IOException {
        proc = new FakeProc(folder.getRoot().toPath(), new ProcFs().bootOffsetNanos());
        ProcFs procFs = new ProcFs(proc.root());
        pump = new Pump(sources, core, interest, procFs, ready::countDown);
    }

    @After
    public void tearDown() throws InterruptedException {
        assertThat(pump.stop(10, TimeUnit.SECONDS)).isTrue();
        assertThat(good.isOpen || plain.isOpen).isFalse();
    }

    void start() throws InterruptedException {
        pump.start();
        assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
    }

    State state(FakeSource source) {
        return info(source).state();
    }

    SourceInfo info(FakeSource source) {
        return sources.sources().stream()
                .filter(info -> info.name().equals(source.name()))
                .findFirst()
                .orElseThrow();
    }

    static Thread.State pumpState() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("taskwatch-pump"))
                .findFirst()
                .orElseThrow()
                .getState();
    }

    static void live(Records recorder, int pid, long nanos) {
        recorder.cloned(nanos, pid, pid, 1, 1, 0);
        recorder.exited(nanos, pid, pid, 0);
        recorder.freed(nanos, pid);
    }
}
