// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.tasks.table;

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
class FakeSource implements TaskSource {
    final LinkedBlockingQueue<Consumer<Records>> records = new LinkedBlockingQueue<>();
    final AtomicLong receives = new AtomicLong();
    private final String name;
    volatile String openFailure = "";
    volatile String receiveFailure = "";
    volatile boolean isOpen;

    /// It waits for as long as it is not woken, whatever it is told.
    volatile boolean isPatient;

    volatile Demand demand = Demand.ALL;

    volatile boolean isLocal = true;

    /// Run when it has been opened, by the pump.
    volatile Runnable whenOpened = () -> {};

    FakeSource(String name) {
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
