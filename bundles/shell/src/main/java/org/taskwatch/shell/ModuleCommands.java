// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.api.tool.WatcherInfo;

import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The commands that show and steer modules and watchers.
@Component(service = ModuleCommands.class)
@GogoCommand(
        scope = "task",
        function = {"watchers", "modules", "register", "unregister", "unload", "resume", "why"})
public final class ModuleCommands {
    private static final Set<ModuleState> BLOCKED =
            EnumSet.of(ModuleState.DRAINING, ModuleState.STUCK);

    private final Modules modules;
    private final BundleContext context;

    /// Makes the commands.
    ///
    /// @param modules what they show and steer
    /// @param context finds the bundle to be stopped
    @Activate
    public ModuleCommands(@Reference Modules modules, BundleContext context) {
        this.modules = modules;
        this.context = context;
    }

    /// Prints the table of watchers.
    @Descriptor("list the watchers: those that are linked in, then those of the modules")
    public void watchers() {
        System.out.print(WatcherTable.of(modules));
    }

    /// Prints the table of modules.
    @Descriptor("list the modules: state, events that refer to them, calls, faults and lane")
    public void modules() {
        System.out.print(ModuleTable.of(modules));
    }

    /// Registers a module.
    ///
    /// @param module its name
    /// @throws CommandException if there is no such module, or it can't be registered now
    @Descriptor("call the watchers of a module again, after task:unregister")
    public void register(@Descriptor("symbolic name of the module's bundle") String module)
            throws CommandException {
        try {
            modules.register(module);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw CommandException.failed("task:register", String.valueOf(e.getMessage()));
        }
        System.out.println("registered " + module);
    }

    /// Unregisters a module.
    ///
    /// @param module its name
    /// @throws CommandException if there is no such module, or it can't be unregistered
    @Descriptor("call the watchers of a module no more, and wait until none is being called")
    public void unregister(@Descriptor("symbolic name of the module's bundle") String module)
            throws CommandException {
        drain("task:unregister", module);
        System.out.println("unregistered " + module + ": no call is in flight");
    }

    /// Unregisters a module, then stops its bundle. So the wait for its calls is over before the
    /// framework takes any lock.
    ///
    /// @param name its name
    /// @throws CommandException if there is no such module, or it can't be unregistered or stopped
    @Descriptor("unregister a module, then stop its bundle")
    public void unload(@Descriptor("symbolic name of the module's bundle") String name)
            throws CommandException {
        ModuleInfo module = module("task:unload", name);
        drain("task:unload", name);
        Bundle bundle = context.getBundle(module.bundleId());
        if (bundle == null) {
            throw CommandException.failed(
                    "task:unload",
                    name + " is unregistered; its bundle was uninstalled in the meantime");
        }
        try {
            bundle.stop();
        } catch (BundleException | IllegalStateException e) {
            throw CommandException.failed(
                    "task:unload",
                    name
                            + " is unregistered, but stopping bundle "
                            + bundle.getBundleId()
                            + " failed: "
                            + e.getMessage());
        }
        System.out.println("unloaded " + name + ": bundle " + bundle.getBundleId() + " is stopped");
    }

    /// Resumes the suspended watchers of a module.
    ///
    /// @param module its name
    /// @throws CommandException if there is no such module, or it can't be resumed now
    @Descriptor("call the watchers of a module again that were suspended for passing a limit")
    public void resume(@Descriptor("symbolic name of the module's bundle") String module)
            throws CommandException {
        boolean isAny = !suspended(module).isEmpty();
        try {
            modules.resume(module);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw CommandException.failed("task:resume", String.valueOf(e.getMessage()));
        }
        System.out.println(isAny ? "resumed " + module : module + ": nothing was suspended");
    }

    /// {@return the watchers of a module that are suspended}
    private List<WatcherInfo> suspended(String module) {
        return modules.watchers().stream()
                .filter(watcher -> watcher.module().equals(module))
                .filter(watcher -> !watcher.suspended().isEmpty())
                .toList();
    }

    /// Prints the same as [#why(String)] for all modules that are draining or stuck.
    @Descriptor("tell what blocks the unload of the modules that are draining or stuck")
    public void why() {
        List<ModuleInfo> blocked =
                modules.modules().stream()
                        .filter(module -> BLOCKED.contains(module.state()))
                        .toList();
        if (blocked.isEmpty()) {
            System.out.println("no module is draining or stuck");
        }
        for (ModuleInfo module : blocked) {
            System.out.println(module.name() + " " + module.version() + " is " + module.state());
            try {
                print(modules.calls(module.name()));
            } catch (IllegalArgumentException e) {
                System.out.println(e.getMessage()); // its last call has ended meanwhile
            }
        }
    }

    /// Prints what is wrong with the source of a module, what its unload would have to wait for, and which of
    /// its watchers are not called.
    ///
    /// @param module its name
    /// @throws CommandException if there is no such module, and no source that could not become one
    @Descriptor(
            "tell what blocks the unload of a module: calls in flight, with their stacks; why"
                    + " watchers of it are suspended; and why its source does not compile")
    public void why(@Descriptor("symbolic name of the module's bundle") String module)
            throws CommandException {
        String errors = SourceErrors.of(context, module);
        System.out.print(errors);
        List<CallInfo> calls;
        try {
            calls = modules.calls(module);
        } catch (IllegalArgumentException e) {
            if (!errors.isEmpty()) {
                return; // it has never been compiled
            }
            throw CommandException.failed("task:why", String.valueOf(e.getMessage()));
        }
        if (calls.isEmpty()) {
            System.out.println(module + ": nothing is in flight");
        }
        for (WatcherInfo watcher : suspended(module)) {
            System.out.println(
                    watcher.name() + " is suspended: " + watcher.suspended() + "; see task:resume");
        }
        print(calls);
    }

    private static void print(List<CallInfo> calls) {
        for (CallInfo call : calls) {
            System.out.println(
                    call.watcher()
                            + " on thread \""
                            + call.thread()
                            + "\" for "
                            + call.elapsed().toMillis()
                            + " ms");
            call.stack().forEach(frame -> System.out.println("    at " + frame));
        }
    }

    private void drain(String command, String module) throws CommandException {
        try {
            modules.unregister(module);
        } catch (IllegalArgumentException | IllegalStateException | UnloadException e) {
            throw CommandException.failed(command, String.valueOf(e.getMessage()));
        }
    }

    private ModuleInfo module(String command, String name) throws CommandException {
        return modules.modules().stream()
                .filter(module -> module.name().equals(name))
                .max(Comparator.comparing(module -> Version.parseVersion(module.version())))
                .orElseThrow(() -> CommandException.failed(command, "no module named " + name));
    }
}
