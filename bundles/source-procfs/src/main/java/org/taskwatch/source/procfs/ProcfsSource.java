// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.procfs;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;
import org.taskwatch.tasks.procfs.ProcFs;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Task events by polling `/proc`, for where nothing better runs: it needs files only, and misses
/// what is shorter than its interval.
@Designate(ocd = ProcfsSource.Config.class)
@Component(
        service = TaskSource.class,
        configurationPid = ProcfsSource.PID,
        property = "service.ranking:Integer=0")
public final class ProcfsSource implements TaskSource {
    static final String PID = "org.taskwatch.source.procfs";

    private static final System.Logger LOG = System.getLogger(ProcfsSource.class.getName());
    private static final int INTERVAL_MILLIS = 100;

    private final ProcFs proc = new ProcFs();

    // Written by the component runtime, read by the pump.
    private volatile int intervalMillis = INTERVAL_MILLIS;

    // The pump while the source is open. Written by the pump, read by all.
    private volatile @Nullable Thread reader;

    // The rest is the pump thread's own.
    private @Nullable Poll poll;
    private long nextNanos;

    /// The configuration.
    @ObjectClassDefinition(
            name = "Source: procfs",
            description = "how /proc is read where the kernel tells nothing")
    public @interface Config {
        /// {@return how often `/proc` is read, in milliseconds, a number, at least 1}
        @AttributeDefinition(
                description = "milliseconds from one reading of /proc to the next",
                type = AttributeType.INTEGER,
                min = "1")
        String interval_ms() default "" + INTERVAL_MILLIS;
    }

    /// Makes the source, not open.
    ///
    /// @param config the configuration
    @Activate
    public ProcfsSource(Config config) {
        configure(config);
    }

    ProcfsSource(int intervalMillis) {
        this.intervalMillis = intervalMillis;
    }

    /// Takes over another configuration, while the source runs. A wrong one changes nothing but the
    /// log.
    ///
    /// @param config the configuration
    @Modified
    public void configure(Config config) {
        String text = config.interval_ms().strip();
        int millis = 0;
        try {
            millis = Integer.parseInt(text);
        } catch (NumberFormatException _) {
            // told below, with the same words as a number out of range
        }
        if (millis >= 1) {
            intervalMillis = millis;
        } else {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s: interval.ms=%s: expected a number from 1 to %d; change it in etc/%s.cfg; until then it is %d"
                            .formatted(PID, text, Integer.MAX_VALUE, PID, intervalMillis));
        }
    }

    @Override
    public String name() {
        return "procfs";
    }

    @Override
    public String limits() {
        return "it polls every "
                + intervalMillis
                + " ms: it misses tasks that live shorter, all but the last of several changes,"
                + " exit statuses and clone flags, and of other users' processes takes a change of"
                + " name for an exec";
    }

    @Override
    public void open() throws SourceException {
        try {
            if (proc.processes().length == 0) {
                throw new SourceException("no process is shown in /proc; is it mounted?");
            }
            poll = new Poll(proc);
        } catch (IOException e) {
            throw new SourceException("can't read /proc: " + e.getMessage(), e);
        }
        nextNanos = System.nanoTime();
        reader = Thread.currentThread();
    }

    @Override
    public void demand(Demand demand) throws SourceException {
        try {
            poll().threads(demand.threads());
        } catch (IOException e) {
            throw new SourceException("can't read /proc any more: " + e, e);
        }
    }

    @Override
    public int delayMillis() {
        return intervalMillis;
    }

    private Poll poll() {
        Poll open = poll;
        if (open == null) {
            throw new IllegalStateException("the source procfs is not open");
        }
        return open;
    }

    @Override
    public void receive(TaskSink sink, int timeoutMillis) throws SourceException {
        Poll open = poll();
        long wait = nextNanos - System.nanoTime();
        LockSupport.parkNanos(Math.min(wait, TimeUnit.MILLISECONDS.toNanos(timeoutMillis)));
        if (System.nanoTime() - nextNanos < 0) {
            return;
        }
        try {
            open.run(sink);
        } catch (IOException e) {
            throw new SourceException("can't read /proc any more: " + e, e);
        }
        nextNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(intervalMillis);
    }

    @Override
    public boolean hasExecutedAgain(int pid) {
        return poll().hasExecutedAgain(pid);
    }

    @Override
    public void wake() {
        LockSupport.unpark(reader);
    }

    @Override
    public void close() {
        poll = null;
        reader = null;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }
}
