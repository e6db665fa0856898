// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.locals;

import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import org.taskwatch.api.Task;
import org.taskwatch.api.TaskLocal;
import org.taskwatch.api.TaskLocals;
import org.taskwatch.api.tool.TaskLocalInfo;
import org.taskwatch.api.tool.TaskValue;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The [TaskLocal]s of one bundle. Safe for all threads.
@Component(service = TaskLocals.class, scope = ServiceScope.BUNDLE)
public final class BundleLocals implements TaskLocals {
    private static final System.Logger LOG = System.getLogger(BundleLocals.class.getName());

    /// How long the end waits for those who read texts.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Bundle bundle;
    private final LocalsBoard board;
    private final Held held;

    /// By name. Written by who makes one, see [#create].
    private final ConcurrentNavigableMap<String, Local<?>> locals = new ConcurrentSkipListMap<>();

    /// Shared by those who read texts, by code of the bundle, at the call of somebody else; alone has it who ends this.
    private final ReadWriteLock texts = new ReentrantReadWriteLock();

    /// Set before the end takes all [#locals]. Who adds one looks at this afterwards, as in [Values].
    private volatile boolean isClosed;

    /// Made by the component runtime when the first component of a bundle uses it.
    ///
    /// @param context names the bundle
    /// @param board knows those of all bundles
    @Activate
    public BundleLocals(ComponentContext context, @Reference LocalsBoard board) {
        this.bundle = context.getUsingBundle();
        this.board = board;
        this.held = board.takeHeld(bundle);
        board.add(this);
    }

    Bundle bundle() {
        return bundle;
    }

    String module() {
        return String.valueOf(bundle.getSymbolicName());
    }

    @Override
    public <T> Builder<T> named(String name) {
        return new BlueprintBuilder<>(this, name);
    }

    /// Makes one. What was held for it is there before its watchers are, and so before the lane is told on.
    <T> TaskLocal<T> create(Blueprint<T> blueprint) {
        Values<T> values = new Values<>(blueprint);
        Texts<T> its = new Texts<>(module(), values);
        its.read(held.take(blueprint.name()));
        Local<T> local = Local.register(bundle.getBundleContext(), values, its);
        Local<?> former = locals.put(blueprint.name(), local);
        if (former != null) {
            former.end();
        }
        if (isClosed) {
            local.end();
            throw new IllegalStateException(
                    "making the TaskLocal %s: its bundle %s has stopped"
                            .formatted(blueprint.name(), module()));
        }
        return values;
    }

    /// No component of the bundle uses it any more: takes all away. If the bundle stops, what is to be carried over is
    /// held for its next revision.
    ///
    /// @throws InterruptedException if the thread is interrupted while it waits for who reads texts
    @Deactivate
    public void close() throws InterruptedException {
        isClosed = true;
        locals.values().forEach(Local::unregister);
        if (!texts.writeLock().tryLock(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            LOG.log(
                    Level.ERROR,
                    "bundle {0} goes while a text of a value of one of its TaskLocals is being"
                            + " made, for {1}",
                    module(),
                    TIMEOUT);
        }
        board.remove(this, bundle.getState() == Bundle.STOPPING ? written() : Map.of());
        locals.values().forEach(local -> local.values().close());
        locals.clear();
    }

    private Map<String, Map<Task, String>> written() {
        Map<String, Map<Task, String>> all = new HashMap<>();
        locals.forEach((name, local) -> {
            Map<Task, String> its = local.texts().written();
            if (!its.isEmpty()) {
                all.put(name, its);
            }
        });
        return all;
    }

    List<TaskLocalInfo> infos() {
        return locals.values().stream().map(local -> local.info(module())).toList();
    }

    /// {@return how often a function that makes a text, or a value of one, has thrown}
    long faults() {
        return locals.values().stream().mapToLong(local -> local.texts().faults()).sum();
    }

    /// {@return the values of a task}
    List<TaskValue> of(Task task) {
        List<TaskValue> all = new ArrayList<>();
        texts.readLock().lock();
        try {
            if (!isClosed) {
                locals.forEach((name, local) -> {
                    String text = local.texts().shown(task);
                    if (text != null) {
                        all.add(new TaskValue(module(), name, text));
                    }
                });
            }
        } finally {
            texts.readLock().unlock();
        }
        return all;
    }
}
