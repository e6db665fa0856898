// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.core;

import org.osgi.framework.BundleException;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.core.call.Callers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The registry as operators and tools see it.
final class ModulesView implements Modules {
    private final Registry registry;
    private final Published published;
    private final Callers callers;

    ModulesView(Registry registry, Published published, Callers callers) {
        this.registry = registry;
        this.published = published;
        this.callers = callers;
    }

    @Override
    public List<ModuleInfo> modules() {
        return registry.modules().stream().map(this::info).toList();
    }

    private ModuleInfo info(Module module) {
        List<Watcher> watchers = module.watchers();
        return new ModuleInfo(
                module.name(),
                module.bundle().getVersion().toString(),
                module.bundle().getBundleId(),
                module.state(),
                module.isLive() ? references(watchers) : Map.of(),
                callers.calls(watchers).size(),
                watchers.stream().mapToLong(Watcher::calls).sum(),
                watchers.stream().mapToLong(Watcher::faults).sum(),
                module.lane().info(),
                watchers.stream().map(Watcher::info).toList());
    }

    private static Map<TaskEvent, Integer> references(List<Watcher> watchers) {
        Map<TaskEvent, Integer> references = new EnumMap<>(TaskEvent.class);
        for (TaskEvent event : TaskEvent.values()) {
            int count = (int) watchers.stream().filter(w -> w.isOpen() && w.watches(event)).count();
            if (count > 0) {
                references.put(event, count);
            }
        }
        return references;
    }

    @Override
    public List<WatcherInfo> watchers() {
        List<WatcherInfo> all = new ArrayList<>();
        published.table().forEach(watcher -> all.add(watcher.info()));
        published.live().forEach(m -> m.watchers().forEach(watcher -> all.add(watcher.info())));
        return all;
    }

    @Override
    public List<CallInfo> calls(String name) {
        return named(name).stream()
                .flatMap(module -> CallInfos.of(callers.calls(module.watchers())).stream())
                .toList();
    }

    @Override
    public void register(String name) {
        registry.register(named(name).getLast());
    }

    @Override
    public void unregister(String name) throws UnloadException {
        registry.unregister(named(name).getLast(), false);
    }

    @Override
    public void unload(String name) throws UnloadException {
        Module module = named(name).getLast();
        registry.unregister(module, false);
        try {
            module.bundle().stop();
        } catch (BundleException | IllegalStateException e) { // the latter if it was uninstalled
            throw new UnloadException(name, e);
        }
    }

    @Override
    public void resume(String name) {
        registry.resume(named(name).getLast());
    }

    /// {@return all modules of that name, the one that is meant last}
    private List<Module> named(String name) {
        List<Module> named =
                registry.modules().stream()
                        .filter(module -> module.name().equals(name))
                        .sorted(
                                Comparator.comparing((Module m) -> m.bundle().getVersion())
                                        .thenComparing(Module::isLive))
                        .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("no module is named " + name);
        }
        return named;
    }
}
