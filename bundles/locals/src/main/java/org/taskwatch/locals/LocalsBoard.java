// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.Task;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;
import org.taskwatch.api.tool.TaskLocalInfo;
import org.taskwatch.api.tool.TaskValue;
import org.taskwatch.api.tool.TaskValues;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Knows the [TaskLocals][org.taskwatch.api.TaskLocal] of all bundles, and holds what those leave behind that are being
/// updated. Safe for all threads.
@Component(service = {LocalsBoard.class, TaskValues.class, Counters.class})
public final class LocalsBoard implements TaskValues, Counters {
    /// That of the core, for the lanes: what waits on them is of no use without the values, nor the values without it.
    private static final String HOLD = "taskwatch.lane.hold.ms";

    private static final String STANDARD_HOLD = "10000";

    private final Bundle framework;
    private final Executor afterHold;
    private final List<BundleLocals> all = new CopyOnWriteArrayList<>();
    private final List<Held> held = new CopyOnWriteArrayList<>();

    /// Made by the component runtime.
    ///
    /// @param context knows the framework property `taskwatch.lane.hold.ms`
    @Activate
    public LocalsBoard(BundleContext context) {
        framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        String hold = Objects.requireNonNullElse(context.getProperty(HOLD), STANDARD_HOLD);
        afterHold =
                CompletableFuture.delayedExecutor(
                        Long.parseLong(hold.strip()), TimeUnit.MILLISECONDS);
    }

    /// {@return what the former revision of a bundle has left behind} It is no longer held.
    Held takeHeld(Bundle bundle) {
        for (Held left : held) {
            if (left.isOf(bundle) && held.remove(left)) {
                return left.isRevisedBy(bundle) ? left : Held.NONE;
            }
        }
        return Held.NONE;
    }

    /// A bundle begins to use them.
    void add(BundleLocals locals) {
        all.add(locals);
    }

    /// A bundle uses them no more.
    ///
    /// @param texts what is to be carried over to its next revision
    void remove(BundleLocals locals, Map<String, Map<Task, String>> texts) {
        all.remove(locals);
        if (!texts.isEmpty() && framework.getState() != Bundle.STOPPING) {
            Held left = Held.of(locals.bundle(), locals.module(), texts);
            held.add(left);
            afterHold.execute(() -> held.remove(left));
        }
    }

    @Override
    public List<TaskLocalInfo> locals() {
        return all.stream()
                .flatMap(locals -> locals.infos().stream())
                .sorted(
                        Comparator.comparing(TaskLocalInfo::module)
                                .thenComparing(TaskLocalInfo::name))
                .toList();
    }

    @Override
    public List<TaskValue> of(Task task) {
        return all.stream()
                .flatMap(locals -> locals.of(task).stream())
                .sorted(Comparator.comparing(TaskValue::module).thenComparing(TaskValue::name))
                .toList();
    }

    @Override
    public List<Counter> counters() {
        List<Counter> counters = new ArrayList<>();
        for (TaskLocalInfo local : locals()) {
            counters.add(
                    new Counter(
                            "task_local_values",
                            Map.of("module", local.module(), "local", local.name()),
                            local.values(),
                            null));
        }
        for (BundleLocals locals : all) {
            counters.add(
                    new Counter(
                            "task_local_faults_total", "module", locals.module(), locals.faults()));
        }
        return counters;
    }
}
