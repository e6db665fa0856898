// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Loss;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;

import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Gives event streams, and feeds each by a watcher of its own. That is registered only while the
/// stream is open, and asks only for what it shows: otherwise it costs nothing.
@Designate(ocd = EventStreams.Config.class)
@Component(
        service = {EventStreams.class, Counters.class},
        configurationPid = EventStreams.PID)
public final class EventStreams implements Counters {
    static final String PID = "org.taskwatch.shell.events";

    private static final System.Logger LOG = System.getLogger(EventStreams.class.getName());
    private static final int CAPACITY = 65_536;
    private static final int BYTES = 16 << 20;
    private static final int LEAST_BYTES = 1024;

    /// What the formats of events show in any case.
    static final Set<Capture> SHOWN = Set.of(Capture.CMDLINE, Capture.EXE);

    /// The configuration.
    @ObjectClassDefinition(
            name = "Streams of events",
            description = "what waits for slow readers of events")
    public @interface Config {
        /// {@return how many events wait for a reader of a stream before it loses some, a number,
        /// at least 1}
        @AttributeDefinition(
                description = "events that wait for a reader before it loses some",
                type = AttributeType.INTEGER,
                min = "1")
        String capacity() default "" + CAPACITY;

        /// {@return how many bytes of memory those events may take, a number, at least 1024; all
        /// streams together take at most twice as much}
        @AttributeDefinition(
                description = "bytes that those may take; all readers together, twice as much",
                type = AttributeType.INTEGER,
                min = "1024")
        String bytes() default "" + BYTES;
    }

    private final BundleContext context;

    /// The open streams, each with the registration of its watcher.
    private final Map<EventStream, ServiceRegistration<TaskWatcher>> watchers =
            new ConcurrentHashMap<>();

    /// Written by the component runtime, read by threads that open a stream.
    private volatile Bounds bounds = new Bounds(CAPACITY, BYTES);

    /// What a stream may hold.
    ///
    /// @param capacity how many events
    /// @param bytes how much memory they may take
    /// @param memory that of all streams together
    private record Bounds(int capacity, int bytes, StreamMemory memory) {
        Bounds(int capacity, int bytes) {
            this(capacity, bytes, new StreamMemory(2L * bytes));
        }
    }

    /// What the readers of streams that are closed have lost, null if nothing.
    @GuardedBy("this")
    private @Nullable Loss lostBefore;

    /// Makes the component.
    ///
    /// @param context registers the watcher
    /// @param config the configuration
    @Activate
    public EventStreams(BundleContext context, Config config) {
        this.context = context;
        modify(config);
    }

    /// Takes another configuration; it holds for streams opened from now on. A wrong one changes
    /// nothing but the log.
    ///
    /// @param config the configuration
    @Modified
    public void modify(Config config) {
        Bounds now = bounds;
        int capacity = number("capacity", config.capacity(), 1, now.capacity());
        int bytes = number("bytes", config.bytes(), LEAST_BYTES, now.bytes());
        if (capacity != now.capacity() || bytes != now.bytes()) {
            // Else the open streams would go on with what they share, and new ones have as much
            // again.
            bounds = new Bounds(capacity, bytes);
        }
    }

    private static int number(String name, String text, int least, int now) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below, with the same words as a number out of range
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "%s: %s=%s: expected a number from %d to %d; change it in etc/%s.cfg; until then it is %d"
                        .formatted(PID, name, text.strip(), least, Integer.MAX_VALUE, PID, now));
        return now;
    }

    /// Ends all streams.
    @Deactivate
    public void deactivate() {
        watchers.keySet().forEach(EventStream::close);
    }

    /// Opens a stream.
    ///
    /// @param filter which events it shows
    /// @param captures what is shown of a task
    /// @return the stream, to be closed by the caller
    EventStream open(EventFilter filter, Set<Capture> captures) {
        return open(filter, captures, _ -> {});
    }

    /// Opens a stream.
    ///
    /// @param filter which events it shows
    /// @param captures what is shown of a task
    /// @param onClose called once with the stream when it has been closed
    /// @return the stream, to be closed by the caller
    EventStream open(EventFilter filter, Set<Capture> captures, Consumer<EventStream> onClose) {
        Consumer<EventStream> remove = this::remove;
        Bounds now = bounds;
        EventStream stream =
                new EventStream(
                        filter, now.capacity(), now.bytes(), now.memory(), remove.andThen(onClose));
        watchers.put(
                stream,
                context.registerService(
                        TaskWatcher.class,
                        new StreamWatcher(stream),
                        properties(filter, captures)));
        return stream;
    }

    @Override
    public List<Counter> counters() {
        Loss lost = lost();
        return List.of(
                Counter.lost(
                        Loss.Place.READER,
                        "task:events",
                        lost == null ? 0 : lost.count(),
                        lost == null ? null : lost.since()),
                new Counter("reader_streams", watchers.size()),
                new Counter(
                        "reader_waiting_bytes",
                        watchers.keySet().stream().mapToLong(EventStream::waitingBytes).sum()));
    }

    /// {@return what readers have lost by being too slow, all streams together, since this bundle
    /// was started; null if nothing}
    private synchronized @Nullable Loss lost() {
        Loss lost = lostBefore;
        for (EventStream stream : watchers.keySet()) {
            lost = sum(lost, stream.lost());
        }
        return lost;
    }

    private static @Nullable Loss sum(@Nullable Loss first, @Nullable Loss second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return first.since().isAfter(second.since())
                ? EventStream.sum(second, first)
                : EventStream.sum(first, second);
    }

    // A stream is closed by its user, or when this component ends: after it was put there.
    private void remove(EventStream stream) {
        ServiceRegistration<TaskWatcher> watcher = forget(stream);
        if (watcher != null) {
            watcher.unregister();
        }
    }

    private synchronized @Nullable ServiceRegistration<TaskWatcher> forget(EventStream stream) {
        lostBefore = sum(lostBefore, stream.lost());
        return watchers.remove(stream);
    }

    private static Dictionary<String, Object> properties(
            EventFilter filter, Set<Capture> captures) {
        return FrameworkUtil.asDictionary(
                Map.of(
                        WatchTask.WATCH_TASK, names(filter.events()),
                        WatchTask.CAPTURE, names(captures),
                        WatchTask.THREADS, filter.threads()));
    }

    private static String[] names(Set<? extends Enum<?>> constants) {
        return constants.stream().map(Enum::name).toArray(String[]::new);
    }

    /// The watcher: hands what it is told to its stream.
    private record StreamWatcher(EventStream stream) implements TaskWatcher {
        @Override
        public Verdict notify(TaskNotification notification) {
            stream.add(notification);
            return Verdict.ALLOW;
        }

        @Override
        public void lost(Loss loss) {
            stream.add(loss);
        }
    }
}
