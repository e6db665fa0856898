// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.connector;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Settings;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;

import java.util.Map;

/// Task events from the proc connector, `linux/cn_proc.h`: every fork, exec, change of ids and exit
/// of the machine, for root and on newer kernels for every user. Only in the first network, pid and
/// user namespace.
@Designate(ocd = ConnectorSource.Config.class)
@Component(
        service = TaskSource.class,
        configurationPid = ConnectorSource.PID,
        property = "service.ranking:Integer=100")
public final class ConnectorSource implements TaskSource {
    static final String PID = "org.taskwatch.source.connector";

    private static final int LEAST_WAKE_RATE = 10;

    /// The kernel takes what is less for this: `setpriority(2)`.
    private static final int LEAST_NICE = -20;

    private final Settings settings = new Settings(PID);

    private final int receiveBuffer;
    private final int wakeRate;
    private final int nice;
    private final int pidFds;

    // Written by the pump thread; read by all for the counters.
    private volatile @Nullable Connection connection;

    /// The configuration.
    @ObjectClassDefinition(
            name = "Source: proc connector",
            description = "how events of the kernel are received")
    public @interface Config {
        /// {@return how large the receive buffer is, in bytes, before the kernel doubles it for its
        /// overhead; or else it is as large as this user may}
        @AttributeDefinition(
                description = "bytes of the receive buffer, before the kernel doubles it",
                type = AttributeType.INTEGER,
                min = "1")
        String receive_buffer() default "" + (64 << 20);

        /// {@return how often in a second the pump reads events while they storm in, at least 10:
        /// those that come in between are read together} The first of many events, and rare ones,
        /// are read at once; while programs are executed and a watcher wants what vanishes with
        /// them, it is 8,000 if this is less.
        @AttributeDefinition(
                description = "reads a second while events storm in",
                type = AttributeType.INTEGER,
                min = "" + LEAST_WAKE_RATE)
        String wake_rate() default "100";

        /// {@return the nice value of the pump while this source is open, if that is below its own
        /// and this user may have it} A short process is gone before a thread of usual niceness has
        /// its turn.
        @AttributeDefinition(
                description = "nice value of the pump",
                type = AttributeType.INTEGER,
                min = "" + LEAST_NICE)
        String nice() default "-10";

        /// {@return how many pidfds are open at a time, a number, at least 0, and never so many that
        /// fewer than 256 descriptors of this process are left for all else} Each tells at once when
        /// one exited process is reaped; processes beyond that are asked in turn.
        @AttributeDefinition(
                description = "open pidfds at a time; each tells at once when a process is reaped",
                type = AttributeType.INTEGER,
                min = "0")
        String pidfds() default "1000";
    }

    /// Makes the source, not open.
    ///
    /// @param config the configuration
    @Activate
    public ConnectorSource(Config config) {
        this(config.receive_buffer(), config.wake_rate(), config.nice(), config.pidfds());
    }

    ConnectorSource(int receiveBuffer, int wakeRate, int nice, int pidFds) {
        this("" + receiveBuffer, "" + wakeRate, "" + nice, "" + pidFds);
    }

    private ConnectorSource(String receiveBuffer, String wakeRate, String nice, String pidFds) {
        this.receiveBuffer = settings.number("receive.buffer", receiveBuffer, 1);
        this.wakeRate = settings.number("wake.rate", wakeRate, LEAST_WAKE_RATE);
        this.nice = settings.number("nice", nice, LEAST_NICE);
        this.pidFds = settings.number("pidfds", pidFds, 0);
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
        settings.check();
        connection = Connection.open(receiveBuffer, wakeRate, nice, pidFds);
    }

    @Override
    public void demand(Demand demand) throws SourceException {
        try {
            connection().demand(demand);
        } catch (LinuxException e) {
            throw new SourceException("can't filter threads: " + e.getMessage(), e);
        }
    }

    @Override
    public void receive(TaskSink sink, int timeoutMillis) throws SourceException {
        try {
            connection().receive(sink, timeoutMillis);
        } catch (LinuxException e) {
            throw new SourceException("the proc connector works no more: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean hasExecutedAgain(int pid) {
        return connection().hasExecutedAgain(pid);
    }

    @Override
    public void wake() {
        Connection open = connection;
        if (open != null) {
            open.wake();
        }
    }

    private Connection connection() {
        Connection open = connection;
        if (open == null) {
            throw new IllegalStateException("the source connector is not open");
        }
        return open;
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
