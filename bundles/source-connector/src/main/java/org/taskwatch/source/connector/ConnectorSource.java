// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.tasks.SourceException;
import org.taskwatch.tasks.TaskRecorder;
import org.taskwatch.tasks.TaskSource;

import java.util.Map;

/// Task events from the proc connector, `linux/cn_proc.h`: every fork, exec, change of ids and exit
/// of the machine, for root and on newer kernels for every user. Only in the first network, pid and
/// user namespace.
@Component(service = TaskSource.class, property = "service.ranking:Integer=100")
public final class ConnectorSource implements TaskSource {
    private static final int RECEIVE_BUFFER_BYTES = 64 << 20;

    private final int receiveBuffer;

    // Written by the pump thread; read by all for the counters.
    private volatile @Nullable Connection connection;

    /// Makes the source, not open.
    public ConnectorSource() {
        this(RECEIVE_BUFFER_BYTES);
    }

    ConnectorSource(int receiveBuffer) {
        this.receiveBuffer = receiveBuffer;
    }

    @Override
    public String name() {
        return "connector";
    }

    @Override
    public String limits() {
        return "it does not tell clone flags, nor which thread has created a thread";
    }

    @Override
    public void open() throws SourceException {
        connection = Connection.open(receiveBuffer);
    }

    @Override
    public void receive(TaskRecorder recorder, int timeoutMillis) throws SourceException {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("the source connector is not open");
        }
        try {
            open.receive(recorder, timeoutMillis);
        } catch (LinuxException e) {
            throw new SourceException("the proc connector works no more: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public Map<String, Long> counters() {
        Connection open = connection;
        return open == null ? Map.of() : open.counters();
    }
}
