// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.UnloadException;
import org.taskwatch.api.tool.WatcherInfo;

import java.util.List;

/// The commands that show and steer modules and watchers.
@Component(service = ModuleCommands.class)
@GogoCommand(
        scope = "task",
        function = {"watchers", "modules", "register", "unregister", "unload", "resume"})
public final class ModuleCommands {
    private final Modules modules;

    /// Makes the commands.
    ///
    /// @param modules what they show and steer
    @Activate
    public ModuleCommands(@Reference Modules modules) {
        this.modules = modules;
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
        try {
            modules.unregister(module);
        } catch (IllegalArgumentException | IllegalStateException | UnloadException e) {
            throw CommandException.failed("task:unregister", String.valueOf(e.getMessage()));
        }
        System.out.println("unregistered " + module + ": no call is in flight");
    }

    /// Unregisters a module, then stops its bundle.
    ///
    /// @param module its name
    /// @throws CommandException if there is no such module, or it can't be unregistered or stopped
    @Descriptor("unregister a module, then stop its bundle")
    public void unload(@Descriptor("symbolic name of the module's bundle") String module)
            throws CommandException {
        try {
            modules.unload(module);
        } catch (IllegalArgumentException | UnloadException e) {
            throw CommandException.failed("task:unload", String.valueOf(e.getMessage()));
        }
        System.out.println("unloaded " + module + ": its bundle is stopped");
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
}
