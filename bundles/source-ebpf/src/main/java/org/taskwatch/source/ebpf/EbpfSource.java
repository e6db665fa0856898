// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.ebpf;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.Capture;
import org.taskwatch.linux.LinuxException;
import org.taskwatch.linux.proc.FirstNamespace;
import org.taskwatch.source.Demand;
import org.taskwatch.source.Settings;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// Task events from programs in the kernel, at its tracepoints: each with all that is known of the task at that
/// moment, so that a process may be as short as it likes. For root, and for users with CAP_BPF and
/// CAP_PERFMON, in the first namespaces.
@Designate(ocd = EbpfSource.Config.class)
@Component(
        service = TaskSource.class,
        configurationPid = EbpfSource.PID,
        property = "service.ranking:Integer=200")
public final class EbpfSource implements TaskSource {
    static final String PID = "org.taskwatch.source.ebpf";

    private static final Set<Capture> ALL_BUT_CGROUPS =
            Set.of(
                    Capture.CMDLINE,
                    Capture.EXE,
                    Capture.CWD,
                    Capture.LOGIN,
                    Capture.NAMESPACES,
                    Capture.USAGE);
    private static final Set<Capture> ALL = with(ALL_BUT_CGROUPS, Capture.CGROUP);

    private static final int LEAST_RING = 1 << 16;
    private static final int MOST_RING = 1 << 29;
    private static final String RING =
            "a power of two from %d to %d".formatted(LEAST_RING, MOST_RING);
    private static final int LEAST_WAKE_RATE = 10;

    /// The kernel takes what is less for this: `setpriority(2)`.
    private static final int LEAST_NICE = -20;

    private final Settings settings = new Settings(PID);

    private final int ringBytes;
    private final int wakeRate;
    private final int nice;

    // Written by the pump thread; read by all for the counters.
    private volatile @Nullable Connection connection;

    /// Held by other threads than the pump's while they use the connection, so that it is not closed then.
    private final Object closing = new Object();

    /// The configuration.
    @ObjectClassDefinition(
            name = "Source: eBPF",
            description = "how records of the kernel are received")
    public @interface Config {
        /// {@return how large the ring of records is, in bytes: a power of two from 64 KiB to 512 MiB}
        /// An event takes 40 to 200, an exec its arguments and paths more. 0 switches this source off.
        @AttributeDefinition(
                description =
                        "bytes of the ring, a power of two from 64 KiB to 512 MiB; 0 switches this"
                                + " source off",
                type = AttributeType.INTEGER,
                min = "0",
                max = "" + MOST_RING)
        String ring_buffer() default "" + (8 << 20);

        /// {@return how often in a second the pump reads events while they storm in, at least 10:
        /// those that come in between are read together} The first of many events, and rare ones,
        /// are read at once.
        @AttributeDefinition(
                description = "reads a second while events storm in",
                type = AttributeType.INTEGER,
                min = "" + LEAST_WAKE_RATE)
        String wake_rate() default "100";

        /// {@return the nice value of the pump while this source is open, if that is below its own
        /// and this user may have it} On a busy machine it keeps up like that.
        @AttributeDefinition(
                description = "nice value of the pump",
                type = AttributeType.INTEGER,
                min = "" + LEAST_NICE)
        String nice() default "-10";
    }

    /// Makes the source, not open.
    ///
    /// @param config the configuration
    @Activate
    public EbpfSource(Config config) {
        this(config.ring_buffer(), config.wake_rate(), config.nice());
    }

    EbpfSource(String ringBuffer, String wakeRate, String nice) {
        ringBytes = settings.number("ring.buffer", ringBuffer, 0, RING);
        this.wakeRate = settings.number("wake.rate", wakeRate, LEAST_WAKE_RATE);
        this.nice = settings.number("nice", nice, LEAST_NICE);
        if (settings.areRight() && ringBytes == 0) {
            settings.refuse("ring.buffer is 0 in etc/" + PID + ".cfg, which switches it off");
        } else if (settings.areRight() && !isPossibleRing(ringBytes)) {
            settings.wrong("ring.buffer", ringBytes + "", RING);
        }
    }

    private static Set<Capture> with(Set<Capture> some, Capture one) {
        Set<Capture> all = EnumSet.copyOf(some);
        all.add(one);
        return Set.copyOf(all);
    }

    private static boolean isPossibleRing(int bytes) {
        return bytes >= LEAST_RING && bytes <= MOST_RING && Integer.bitCount(bytes) == 1;
    }

    @Override
    public String name() {
        return "ebpf";
    }

    @Override
    public String limits() {
        return "";
    }

    @Override
    public Set<Capture> delivers() {
        Connection open = connection;
        return open != null && open.tellsCgroups() ? ALL : ALL_BUT_CGROUPS;
    }

    @Override
    public void open() throws SourceException {
        settings.check();
        requireOwnPids();
        connection = Connection.open(ringBytes, wakeRate, nice);
    }

    private static void requireOwnPids() throws SourceException {
        try {
            if (!FirstNamespace.PID.has(FirstNamespace.OWN)) {
                throw new SourceException(
                        "this is not the first pid namespace, whose pids the kernel's programs"
                                + " tell");
            }
        } catch (IOException e) {
            throw new SourceException("can't tell in which pid namespace this is: " + e, e);
        }
    }

    @Override
    public void demand(Demand demand) {
        connection().demand(demand);
    }

    @Override
    public void receive(TaskSink sink, int timeoutMillis) throws SourceException {
        try {
            connection().receive(sink, timeoutMillis);
        } catch (LinuxException e) {
            throw new SourceException("the BPF programs can't be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean hasExecutedAgain(int pid) {
        return connection().hasExecutedAgain(pid);
    }

    @Override
    public OptionalLong latestFork(int tid, long sinceNanos) {
        synchronized (closing) {
            Connection open = connection;
            return open == null ? OptionalLong.empty() : open.latestFork(tid, sinceNanos);
        }
    }

    @Override
    public int failedFork(int tid, long sinceNanos) {
        return connection().failedFork(tid, sinceNanos);
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
            throw new IllegalStateException("the source ebpf is not open");
        }
        return open;
    }

    @Override
    public void close() {
        Connection open = connection;
        synchronized (closing) { // nobody reads a map that is being closed
            connection = null;
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public Map<String, Long> counters() {
        Connection open = connection;
        return open == null ? Map.of() : open.counters();
    }

    @Override
    public Map<String, String> hooks() {
        Connection open = connection;
        return open == null ? Map.of() : open.hooks();
    }
}
