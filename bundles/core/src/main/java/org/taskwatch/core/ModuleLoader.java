// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.core.call.Callers;
import org.taskwatch.core.call.Epochs;

import java.lang.System.Logger.Level;
import java.util.List;

/// Makes modules, and begins to deliver what is on their lanes, at once or when it can be.
final class ModuleLoader {
    private static final System.Logger LOG = System.getLogger(ModuleLoader.class.getName());

    /// How long to wait for a new revision to bring all watchers that it declares, before what was
    /// held is delivered to those that are there, and questions are put to them.
    static final long COMPLETION_MILLIS = 1_000;

    /// How long to wait before a thread is asked for again that the system did not give.
    private static final long THREAD_RETRY_MILLIS = 1_000;

    private final Registry registry;
    private final Callers callers;
    private final Epochs epochs;
    private final Limits limits;
    private final Timer timer;
    private final LaneMemory memory;

    /// @param registry suspends watchers, and publishes changes; its lock is used
    /// @param epochs those of the lists of SYNC watchers
    ModuleLoader(Registry registry, Callers callers, Epochs epochs, Limits limits, Timer timer) {
        this.registry = registry;
        this.callers = callers;
        this.epochs = epochs;
        this.limits = limits;
        this.timer = timer;
        this.memory = new LaneMemory(limits.lanesBytes());
    }

    /// {@return the memory that all lanes share}
    LaneMemory memory() {
        return memory;
    }

    /// Makes a live module, and begins to deliver to it. Called under the lock of the registry.
    ///
    /// @param services those of the bundle, in the order of calling
    /// @param former the revision whose place it takes, null if there is none
    Module load(Bundle bundle, List<WatcherService> services, @Nullable AwayModule former) {
        String name = String.valueOf(bundle.getSymbolicName());
        Lane lane = former == null ? new Lane(name, limits, memory) : former.lane();
        Module module =
                new Module(
                        bundle,
                        lane,
                        former,
                        callers,
                        epochs,
                        limits.mostFaults(),
                        registry::suspend);
        module.follow(services);
        deliver(module);
        if (former != null) {
            timer.after(COMPLETION_MILLIS, () -> deliverIncomplete(module));
        }
        LOG.log(Level.INFO, "module {0} is registered", name);
        return module;
    }

    /// Has its lane delivered. If the system has no thread left for that, it is tried again until it
    /// has one; meanwhile the lane fills.
    void deliver(Module module) {
        synchronized (registry) {
            try {
                module.deliver();
            } catch (OutOfMemoryError e) {
                timer.after(THREAD_RETRY_MILLIS, () -> deliver(module));
                Uncaught.handle(e);
            }
        }
    }

    private void deliverIncomplete(Module module) {
        List<String> late;
        synchronized (registry) {
            late = module.awaitNoMore();
            deliver(module);
            registry.publish();
        }
        if (!late.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "module {0}: what was held for it is told without {1}, which its bundle has not"
                            + " registered within {2} ms",
                    module.name(),
                    late,
                    COMPLETION_MILLIS);
        }
    }
}
