// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.relayfork;

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
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.taskwatch.api.Errno;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.TaskWatcher;
import org.taskwatch.api.WatchTask;
import org.taskwatch.api.file.FileException;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// Steers which processes are told of forks, and by which signal: the files, the commands and the
/// configuration come here. Watches only while there is a receiver, and keeps what was set.
///
/// Safe for all threads. Those that steer hold the lock of this object, even while the core takes
/// the watcher in or out; those that tell never take it.
@Designate(ocd = RelayFork.Config.class)
@Component(
        service = {RelayFork.class, Counters.class},
        immediate = true,
        configurationPid = RelayFork.PID)
public final class RelayFork implements Counters {
    static final String PID = "org.taskwatch.relayfork";

    private static final System.Logger LOG = System.getLogger(RelayFork.class.getName());
    private static final Dictionary<String, Object> FORKS_OF_PROCESSES =
            FrameworkUtil.asDictionary(
                    Map.of(WatchTask.WATCH_TASK, TaskEvent.CLONE.name(), WatchTask.THREADS, false));

    /// The configuration. It is applied only when it has changed: until then, what files and
    /// commands have set later holds, even over a restart.
    @ObjectClassDefinition(name = "Relay fork", description = "who is told of forks by a signal")
    public @interface Config {
        /// {@return the number of the signal, nothing to leave it as it is}
        @AttributeDefinition(description = "number of the signal; empty to leave it as it is")
        String signal() default "";

        /// {@return the pids of the processes to be told, separated by commas or blanks}
        @AttributeDefinition(description = "pids of those to be told, with commas between")
        String[] processes() default {};
    }

    private final BundleContext context;
    private final @Nullable Path file; // what keeps the rest
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("taskwatch-relayfork").daemon().factory());
    private final SignalCounts counts = new SignalCounts();
    private final Receivers receivers = new Receivers(timer, this::watch);

    /// The configuration that was applied last.
    @GuardedBy("this")
    private Settings settings;

    /// There while there are receivers.
    @GuardedBy("this")
    private @Nullable ServiceRegistration<TaskWatcher> watcher;

    /// Goes on with what was kept.
    ///
    /// @param context registers the watcher, and knows the base, the framework property
    ///     `taskwatch.base`
    /// @param config the configuration
    @Activate
    public RelayFork(BundleContext context, Config config) {
        this.context = context;
        String base = context.getProperty("taskwatch.base");
        file = base == null ? null : Path.of(base, "run", "relayfork");
        SavedState saved = savedState();
        settings = saved.settings();
        receivers.signal(saved.signal());
        saved.processes().forEach(this::resume);
        watch();
        receivers.tellMissed();
        modify(config);
    }

    private SavedState savedState() {
        try {
            return file == null ? SavedState.NOTHING : SavedState.read(file);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "Relay fork begins anew: what it kept can''t be read: {0}",
                    e.toString());
            return SavedState.NOTHING;
        }
    }

    private void resume(ProcessIdentity identity) {
        try {
            Target target = Target.open(identity.pid());
            if (target.identity().equals(identity)) {
                receivers.add(new Receiver(target, counts));
            } else {
                target.close();
            }
        } catch (FileException e) {
            LOG.log(Level.DEBUG, "a receiver has gone", e);
        }
    }

    /// Applies another configuration. One that is wrong changes nothing, nor does one that is
    /// deleted or has not come yet.
    ///
    /// @param config the configuration
    @Modified
    public synchronized void modify(Config config) {
        if (config.signal().isEmpty() && config.processes().length == 0) {
            return;
        }
        try {
            Settings next = Settings.of(config.signal(), config.processes());
            if (!next.equals(settings)) {
                apply(next);
            }
        } catch (FileException e) {
            LOG.log(Level.ERROR, "The configuration {0} is refused: {1}", PID, e.getMessage());
        }
    }

    @GuardedBy("this")
    private void apply(Settings next) {
        next.signal().ifPresent(receivers::signal);
        settings.pids().stream()
                .filter(pid -> !next.pids().contains(pid))
                .forEach(pid -> receivers.find(pid).ifPresent(receivers::remove));
        for (int pid : next.pids()) {
            try {
                register(pid);
            } catch (FileException e) {
                LOG.log(Level.ERROR, "{0}: processes: {1}", PID, e.getMessage());
            }
        }
        settings = next;
        changed();
    }

    /// Tells a process of forks from now on. Does nothing if it is told already.
    ///
    /// @param pid the process
    /// @throws FileException as [Target#open]
    synchronized void add(int pid) throws FileException {
        register(pid);
        changed();
    }

    private void register(int pid) throws FileException {
        Instant now = Instant.now();
        if (receivers.find(pid).isEmpty()) {
            receivers.checkRoom();
            receivers.add(
                    new Receiver(
                            Target.open(pid),
                            counts,
                            TaskNotification.epochNanos(now),
                            System.nanoTime()));
        }
    }

    /// No longer tells a process of forks.
    ///
    /// @param pid the process
    /// @throws FileException ESRCH if it was not told
    synchronized void remove(int pid) throws FileException {
        Receiver receiver =
                receivers
                        .find(pid)
                        .orElseThrow(() ->
                                new FileException(
                                        Errno.ESRCH, "process " + pid + " is not registered"));
        receivers.remove(receiver);
        changed();
    }

    /// {@return the number of the signal}
    int signal() {
        return receivers.signal();
    }

    /// Takes another signal.
    ///
    /// @param number a number that [Settings#signal] has checked
    synchronized void signal(int number) {
        receivers.signal(number);
        changed();
    }

    /// {@return the processes that are told, without those that have ended} A process seen here is
    /// told of forks from then on: that is why it takes the lock.
    synchronized List<Receiver> receivers() {
        return receivers.living();
    }

    @GuardedBy("this")
    private void changed() {
        watch();
        if (file == null) {
            return;
        }
        List<ProcessIdentity> processes =
                receivers.living().stream().map(Receiver::identity).toList();
        try {
            new SavedState(receivers.signal(), processes, settings).write(file);
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "What relay fork does is forgotten at a restart: it can''t be written: {0}",
                    e.toString());
        }
    }

    @Override
    public List<Counter> counters() {
        List<Counter> all = new ArrayList<>(counts.counters());
        all.add(new Counter("relayfork_receivers", receivers.size()));
        return all;
    }

    /// Keeps the watcher registered while it is needed, and only then.
    private synchronized void watch() {
        ServiceRegistration<TaskWatcher> old = watcher;
        if (receivers.isEmpty() && old != null) {
            watcher = null;
            old.unregister();
        } else if (!receivers.isEmpty() && old == null) {
            watcher =
                    context.registerService(
                            TaskWatcher.class, new ForkWatcher(receivers), FORKS_OF_PROCESSES);
        }
    }

    /// Ends telling.
    @Deactivate
    public synchronized void deactivate() {
        if (watcher != null) {
            watcher.unregister();
            watcher = null;
        }
        timer.shutdownNow();
        receivers.close();
    }
}
