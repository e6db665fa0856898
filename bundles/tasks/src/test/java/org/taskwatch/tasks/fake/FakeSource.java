// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.fake;

import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;

import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// A source whose records a test puts in.
public class FakeSource implements TaskSource {
    public final LinkedBlockingQueue<Consumer<Records>> records = new LinkedBlockingQueue<>();
    public final AtomicLong receives = new AtomicLong();
    private final String name;
    public volatile String openFailure = "";
    public volatile String receiveFailure = "";
    public volatile boolean isOpen;
    public volatile int lastTimeout;

    /// It waits for as long as it is not woken, whatever it is told.
    public volatile boolean isPatient;

    public volatile Demand demand = Demand.ALL;

    public volatile boolean isLocal = true;

    /// The errno of each fork, 0 if it does not know.
    public volatile int failedFork;

    public volatile int delayMillis;

    /// Run when it has been opened, by the pump.
    public volatile Runnable whenOpened = () -> {};

    public FakeSource(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String limits() {
        return "";
    }

    @Override
    public void open() throws SourceException {
        if (!openFailure.isEmpty()) {
            throw new SourceException(openFailure);
        }
        isOpen = true;
        whenOpened.run();
    }

    @Override
    public void demand(Demand now) {
        demand = now;
    }

    @Override
    public boolean isLocal() {
        return isLocal;
    }

    @Override
    public void receive(TaskSink sink, int timeoutMillis) throws SourceException {
        receives.incrementAndGet();
        lastTimeout = timeoutMillis;
        Records into = new Records(sink);
        if (!receiveFailure.isEmpty()) {
            throw new SourceException(receiveFailure);
        }
        try {
            Consumer<Records> record = records.poll(patience(timeoutMillis), TimeUnit.MILLISECONDS);
            while (record != null) {
                record.accept(into);
                record = records.poll();
            }
        } catch (InterruptedException e) {
            throw new SourceException("interrupted", e);
        }
    }

    private int patience(int timeoutMillis) {
        return isPatient && timeoutMillis > 0 ? Integer.MAX_VALUE : timeoutMillis;
    }

    @Override
    public int failedFork(int tid, long sinceNanos) {
        return failedFork;
    }

    @Override
    public int delayMillis() {
        return delayMillis;
    }

    @Override
    public void wake() {
        records.add(_ -> {});
    }

    @Override
    public void close() {
        isOpen = false;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }
}
