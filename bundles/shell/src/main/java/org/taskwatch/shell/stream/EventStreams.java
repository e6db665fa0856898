// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;

import java.util.Arrays;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Gives event streams, and feeds them by one watcher, which is registered only while a stream is
/// open: otherwise it costs nothing.
@Component(service = EventStreams.class, configurationPid = EventStreams.PID)
public final class EventStreams {
    static final String PID = "org.taskwatch.shell.events";

    /// The configuration.
    public @interface Config {
        /// {@return how many events wait for a reader of a stream before it loses some, at least 1}
        int capacity() default 65_536;
    }

    private final BundleContext context;

    /// Read by the thread of the watcher without a lock, written under the lock of this.
    private final List<EventStream> streams = new CopyOnWriteArrayList<>();

    /// Guarded by this. Null while no stream is open.
    private @Nullable ServiceRegistration<TaskWatcher> registration;

    /// Guarded by this.
    private int capacity;

    /// Makes the component.
    ///
    /// @param context registers the watcher
    /// @param config the configuration
    @Activate
    public EventStreams(BundleContext context, Config config) {
        this.context = context;
        this.capacity = checked(config);
    }

    /// Takes another configuration; it holds for streams opened from now on.
    ///
    /// @param config the configuration
    @Modified
    public synchronized void modify(Config config) {
        capacity = checked(config);
    }

    /// Ends all streams.
    @Deactivate
    public void deactivate() {
        streams.forEach(EventStream::close);
    }

    /// Opens a stream. The lock is held while the watcher is registered, so that it is registered
    /// exactly while a stream is open; the watcher never takes it, so that a drain of its calls
    /// under the lock ends.
    ///
    /// @param filter which events it shows
    /// @return the stream, to be closed by the caller
    synchronized EventStream open(EventFilter filter) {
        EventStream stream = new EventStream(filter, capacity, this::remove);
        streams.add(stream);
        if (registration == null) {
            registration = context.registerService(TaskWatcher.class, new Feed(), properties());
        }
        return stream;
    }

    private synchronized void remove(EventStream stream) {
        streams.remove(stream);
        ServiceRegistration<TaskWatcher> idle = registration;
        if (streams.isEmpty() && idle != null) {
            registration = null;
            idle.unregister();
        }
    }

    private static Dictionary<String, Object> properties() {
        String[] events =
                Arrays.stream(TaskEvent.values()).map(TaskEvent::name).toArray(String[]::new);
        return FrameworkUtil.asDictionary(Map.of(WatchTask.WATCH_TASK, events));
    }

    private static int checked(Config config) {
        if (config.capacity() < 1) {
            throw new IllegalArgumentException(
                    PID + ": capacity must be at least 1, but is " + config.capacity());
        }
        return config.capacity();
    }

    /// The watcher: hands what it is told to all streams.
    private final class Feed implements TaskWatcher {
        @Override
        public Verdict notify(TaskNotification notification) {
            for (EventStream stream : streams) {
                stream.add(notification);
            }
            return Verdict.ALLOW;
        }

        @Override
        public void lost(Loss loss) {
            for (EventStream stream : streams) {
                stream.add(loss);
            }
        }
    }
}
