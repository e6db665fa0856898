// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.source.replay;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.taskwatch.source.Demand;
import org.taskwatch.source.SourceException;
import org.taskwatch.source.TaskSink;
import org.taskwatch.source.TaskSource;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Task events played from a recording. There is one only where a file is configured, and then it is the
/// best.
@Designate(ocd = ReplaySource.Config.class)
@Component(
        service = TaskSource.class,
        configurationPid = ReplaySource.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=1000")
public final class ReplaySource implements TaskSource {
    static final String PID = "org.taskwatch.source.replay";

    private final String file;
    private final String pace;

    // Both are null while the source is not open. Written by the pump, read by all.
    private volatile @Nullable Replay replay;
    private volatile @Nullable Thread reader;

    // Set by any thread, cleared by the pump.
    private volatile boolean isWoken;

    /// The configuration: text as it stands in the file, checked when the source is opened. So a wrong one
    /// is told where all is that keeps a source from working.
    @ObjectClassDefinition(
            name = "Source: replay",
            description = "plays a recording instead of this machine")
    public @interface Config {
        /// {@return the absolute path of the recording}
        @AttributeDefinition(description = "absolute path of the recording")
        String file() default "";

        /// {@return `recorded` or `fast`}
        @AttributeDefinition(
                description = "as it was recorded, or as fast as possible",
                options = {@Option("recorded"), @Option("fast")})
        String pace() default "recorded";
    }

    /// Makes the source, not open.
    ///
    /// @param config the configuration
    @Activate
    public ReplaySource(Config config) {
        this(config.file(), config.pace());
    }

    ReplaySource(String file, String pace) {
        this.file = file;
        this.pace = pace;
    }

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String limits() {
        return "it plays the recording " + file.strip() + ": it sees nothing that happens now";
    }

    @Override
    public boolean isLocal() {
        return false;
    }

    @Override
    public void open() throws SourceException {
        replay = Replay.open(Settings.of(file, pace));
        reader = Thread.currentThread();
    }

    @Override
    public void demand(Demand demand) {
        // All that was recorded is told: what was not wanted then is not there.
    }

    @Override
    public void receive(TaskSink sink, int timeoutMillis) {
        Replay open = replay;
        if (open == null) {
            throw new IllegalStateException("the source replay is not open");
        }
        await(Math.min(open.waitNanos(), TimeUnit.MILLISECONDS.toNanos(timeoutMillis)));
        open.play(sink);
    }

    /// Waits until it is woken, or the time is over. To be interrupted counts as to be woken.
    private void await(long nanos) {
        long begun = System.nanoTime();
        long left = nanos;
        while (left > 0 && !isWoken && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, left);
            left = nanos - (System.nanoTime() - begun);
        }
        isWoken = false;
    }

    @Override
    public void wake() {
        isWoken = true;
        LockSupport.unpark(reader);
    }

    @Override
    public void close() {
        Replay open = replay;
        replay = null;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public Map<String, Long> counters() {
        Replay open = replay;
        return open == null ? Map.of() : open.counters();
    }
}
