// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.taskwatch.api.Capture;
import org.taskwatch.api.Delivery;
import org.taskwatch.api.Errno;
import org.taskwatch.api.Gate;
import org.taskwatch.api.Loss;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.TaskNotification;
import org.taskwatch.api.Verdict;
import org.taskwatch.api.spi.Decision;
import org.taskwatch.api.spi.TaskFilters;
import org.taskwatch.api.spi.TaskNotifier;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.tool.TaskValues;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.api.tool.WebServer;
import org.taskwatch.gate.GateInfo;
import org.taskwatch.gate.Gates;
import org.taskwatch.rates.Rate;
import org.taskwatch.rates.Rates;
import org.taskwatch.tasks.EventCounts;
import org.taskwatch.tasks.Label;
import org.taskwatch.tasks.Labels;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;
import org.taskwatch.testing.FakeTask;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// What core and tasks are to the shell, with one module named `good`, and one named `stuck` whose
/// call never ends and whose watcher is suspended. What is done to them is written to [#log].
public final class Fakes
        implements Modules, TaskTable, TaskNotifier, Sources, Rates, Gates, Counters {
    /// What was done, in order.
    public final List<String> log = new CopyOnWriteArrayList<>();

    /// The processes: `init` has forked `bash`, which has a thread.
    public final FakeTask init = FakeTask.process(1, null, "init", "/sbin/init");

    /// A process with a command line that tries to colour the terminal.
    public final FakeTask bash = FakeTask.process(200, init, "bash", "bash", "-c", "\u001b[31mred");

    private final List<Task> tasks = List.of(init, bash, bash.thread(201));
    private @Nullable ServiceRegistration<TaskTable> table;

    // Read by the threads of commands.
    private volatile ModuleState stuckState = ModuleState.LIVE;
    private volatile boolean isUngated; // and then nobody is asked

    /// Whether no bundle can be stopped.
    public volatile boolean isUnstoppable;

    /// What the suspended watcher watches.
    public volatile Set<TaskEvent> stuckEvents = Set.of(TaskEvent.EXEC);

    private final CallInfo call =
            new CallInfo(
                    "stuck",
                    "org.example.Hangs",
                    "lane",
                    Duration.ofMillis(1500),
                    List.of(new StackTraceElement("org.example.Hangs", "notify", "Hangs.java", 7)));

    /// Registers them as services.
    ///
    /// @param context where
    public void register(BundleContext context) {
        for (Class<?> type :
                List.of(
                        Modules.class,
                        TaskNotifier.class,
                        Sources.class,
                        Rates.class,
                        Gates.class,
                        Counters.class)) {
            context.registerService(type.getName(), this, null);
        }
        context.registerService(Labels.class, this::label, null);
        context.registerService(TaskValues.class, new FakeValues(bash), null);
        context.registerService(WebServer.class, new FakeWeb(log), null);
        context.registerService(TaskFilters.class, new FakeFilters(), null);
        table = context.registerService(TaskTable.class, this, null);
    }

    private void label(
            int pid, Predicate<Task> isRight, Collection<Label> set, Collection<String> removed) {
        if (isRight.test(
                Optional.ofNullable(task(pid)).orElseThrow(IllegalArgumentException::new))) {
            log.add("label " + pid + " " + set + " " + removed);
        }
    }

    /// Sets the state of the module `stuck`.
    ///
    /// @param state the state; at first it is LIVE
    public void stuckIs(ModuleState state) {
        stuckState = state;
    }

    /// Takes the table away, and gives it back, as an update of the bundle `tasks` does.
    ///
    /// @param context where
    public void replaceTable(BundleContext context) {
        Objects.requireNonNull(table).unregister();
        table = context.registerService(TaskTable.class, this, null);
    }

    @Override
    public List<ModuleInfo> modules() {
        return List.of(module("good", 0), module("stuck", 1));
    }

    private ModuleInfo module(String name, int inFlight) {
        return new ModuleInfo(
                name,
                "1.2.3",
                99999,
                name.equals("stuck") ? stuckState : ModuleState.LIVE,
                Map.of(TaskEvent.EXIT, 2, TaskEvent.EXEC, 1),
                inFlight,
                10,
                3,
                new ModuleInfo.LaneInfo(4, 64, 9, 5, FakeTask.START),
                List.of(watcher(name, false)));
    }

    private WatcherInfo watcher(String module, boolean linked) {
        return new WatcherInfo(
                "org.example.Watcher",
                module,
                linked,
                module.equals("stuck") ? stuckEvents : Set.of(TaskEvent.EXEC),
                linked ? Set.of() : Set.of(Capture.CWD, Capture.CMDLINE),
                linked,
                linked ? "" : "(comm=sh)",
                linked,
                Delivery.QUEUED,
                0,
                10,
                3,
                "IllegalStateException: no",
                module.equals("stuck") ? "100 faults in a row" : "");
    }

    @Override
    public List<WatcherInfo> watchers() {
        return List.of(
                watcher("org.taskwatch.core", true),
                watcher("good", false),
                watcher("stuck", false));
    }

    @Override
    public List<CallInfo> calls(String module) {
        checkExists(module);
        return module.equals("stuck") ? List.of(call) : List.of();
    }

    @Override
    public void register(String module) {
        checkExists(module);
        log.add("register " + module);
    }

    @Override
    public void unregister(String module) throws UnloadException {
        checkExists(module);
        if (module.equals("stuck")) {
            throw new UnloadException(module, List.of(call));
        }
        log.add("unregister " + module);
    }

    @Override
    public void unload(String module) throws UnloadException {
        unregister(module);
        if (isUnstoppable) {
            throw new UnloadException(module, new IllegalStateException("its activator threw"));
        }
        log.add("stop " + module);
    }

    @Override
    public void resume(String module) {
        checkExists(module);
        log.add("resume " + module);
    }

    @Override
    public void snapshot(Consumer<List<TaskNotification>> receiver) {
        receiver.accept(
                tasks.stream()
                        .map(task -> ((FakeTask) task).event(TaskEvent.CLONE, 0, 0))
                        .toList());
    }

    private static void checkExists(String module) {
        if (!Set.of("good", "stuck").contains(module)) {
            throw new IllegalArgumentException("no module named " + module);
        }
    }

    @Override
    public @Nullable Task task(int tid) {
        return tasks.stream().filter(task -> task.tid() == tid).findFirst().orElse(null);
    }

    @Override
    public Collection<Task> tasks() {
        return tasks;
    }

    @Override
    public Verdict notify(TaskNotification notification) {
        throw new UnsupportedOperationException("the shell raises events of the present");
    }

    @Override
    public Verdict notify(TaskEvent event, long value, Task task) {
        log.add("notify " + event + " " + value + " " + task.tid());
        return event == TaskEvent.INIT ? Verdict.refuse(Errno.EPERM) : Verdict.ALLOW;
    }

    @Override
    public boolean ask(
            TaskNotification notification, @Nullable Verdict late, Consumer<Decision> answer) {
        answer.accept(new Decision(notify(notification), "", false));
        return true;
    }

    @Override
    public void lost(Loss loss) {
        throw new UnsupportedOperationException("the shell loses no events of others");
    }

    @Override
    public List<GateInfo> gates() {
        Gate gate = new Gate(1, 200, 0, "a \u001b[31mlabel", "make");
        Duration slowest = Duration.ofMillis(12);
        return List.of(new GateInfo(gate, null, isUngated, 9, 5, 2, 1, 1, 3, 4, 0, 1, slowest));
    }

    @Override
    public boolean isAsking() {
        return !isUngated;
    }

    @Override
    public boolean ungate(int pid) {
        isUngated |= pid == 200;
        return pid == 200;
    }

    @Override
    public List<SourceInfo> sources() {
        return FakeSources.ALL;
    }

    @Override
    public List<Rate> rates() {
        return List.of(new Rate(0, 0, 0, 0, 0, 0, 0), new Rate(60, 12.5, 1, 10, 12, 40, 0.005));
    }

    @Override
    public List<Counter> counters() {
        return List.of(
                Counter.lost(Loss.Place.LANE, "good", 5, FakeTask.START),
                Counter.lost(Loss.Place.LANE, "stuck", 5, FakeTask.START),
                new Counter("modules", 2),
                Counter.lost(Loss.Place.SOURCE, "best", 0, null),
                Counter.lost(Loss.Place.SOURCE, "fake", 2, FakeTask.START));
    }

    @Override
    public EventCounts counts() {
        throw new UnsupportedOperationException("the shell asks for rates");
    }
}
