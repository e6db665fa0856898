// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.core.call.Callers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The watcher services that each bundle offers, and the modules that are known. Guarded by the lock
/// of the registry.
final class ModuleList {
    private final Callers callers;

    /// Those of each bundle that has any, in the order of calling.
    private final Map<Bundle, List<WatcherService>> services = new HashMap<>();

    /// In the order of registration: the live ones, those that are being or could not be
    /// unregistered, and those that an operator has taken out.
    private final List<Module> modules = new ArrayList<>();

    ModuleList(Callers callers) {
        this.callers = callers;
    }

    /// Adds a service.
    ///
    /// @return whether it is the first of its bundle
    boolean add(WatcherService service) {
        List<WatcherService> mine =
                services.computeIfAbsent(service.bundle(), _ -> new ArrayList<>());
        mine.add(service);
        mine.sort(WatcherService.ORDER);
        return mine.size() == 1;
    }

    /// Removes a service.
    ///
    /// @return whether it was there
    boolean remove(WatcherService service) {
        List<WatcherService> mine = services.get(service.bundle());
        if (mine == null || !mine.remove(service)) {
            return false;
        }
        if (mine.isEmpty()) {
            services.remove(service.bundle());
        }
        return true;
    }

    /// {@return the services of a bundle, in the order of calling; a live view}
    List<WatcherService> services(Bundle bundle) {
        return services.getOrDefault(bundle, List.of());
    }

    void add(Module module) {
        modules.add(module);
    }

    /// Forgets a module, for which another one is added.
    void replace(Module module) {
        modules.remove(module);
    }

    /// {@return the last module of a bundle, null if none}
    @Nullable Module latest(Bundle bundle) {
        return modules.reversed().stream()
                .filter(module -> module.bundle().equals(bundle))
                .findFirst()
                .orElse(null);
    }

    /// {@return the live modules}
    List<Module> live() {
        return modules.stream().filter(Module::isLive).toList();
    }

    /// {@return all modules, the live ones first}
    List<Module> all() {
        List<Module> all = new ArrayList<>(live());
        modules.stream().filter(module -> !module.isLive()).forEach(all::add);
        return all;
    }

    /// Brings it up to date: a stuck module is gone when its calls have ended, and one that is gone is
    /// forgotten when its bundle has another one, or offers nothing any more.
    void settle() {
        for (Module module : modules) {
            if (module.state() == ModuleState.STUCK && callers.calls(module.watchers()).isEmpty()) {
                module.gone();
            }
        }
        modules.removeIf(module ->
                module.state() == ModuleState.GONE
                        && (services(module.bundle()).isEmpty()
                                || latest(module.bundle()) != module));
    }
}
