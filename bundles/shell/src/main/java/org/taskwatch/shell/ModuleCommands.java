// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.api.tool.WatcherInfo;

import java.util.Comparator;
import java.util.List;

/// The commands that show and steer modules and watchers.
@Component(service = ModuleCommands.class)
@GogoCommand(
        scope = "task",
        function = {"watchers", "modules", "register", "unregister", "unload", "resume"})
public final class ModuleCommands {
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
    ///
    /// @param session the session of the caller
    @Descriptor("list the watchers: those that are linked in, then those of the modules")
    public void watchers(CommandSession session) {
        Outlet.of(session).print(WatcherTable.of(modules));
    }

    /// Prints the table of modules.
    ///
    /// @param session the session of the caller
    @Descriptor("list the modules: state, events that refer to them, calls, faults and lane")
    public void modules(CommandSession session) {
        Outlet.of(session).print(ModuleTable.of(modules));
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
