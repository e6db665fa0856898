// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.tool.CallInfo;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.ModuleInfo;
import org.taskwatch.api.tool.ModuleState;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.control.Tone;
import org.taskwatch.tasks.SourceInfo;
import org.taskwatch.tasks.Sources;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The command that tells what is wrong, with a module or at all.
@Component(service = WhyCommands.class)
@GogoCommand(scope = "task", function = "why")
public final class WhyCommands {
    private static final Set<ModuleState> BLOCKED =
            EnumSet.of(ModuleState.DRAINING, ModuleState.STUCK);

    private final Modules modules;
    private final Sources sources;
    private final CounterBoard board;
    private final BundleContext context;

    /// Makes the command.
    ///
    /// @param modules knows the modules
    /// @param sources knows the sources of events
    /// @param board has the losses
    /// @param context knows the base directory
    @Activate
    public WhyCommands(
            @Reference Modules modules,
            @Reference Sources sources,
            @Reference CounterBoard board,
            BundleContext context) {
        this.modules = modules;
        this.sources = sources;
        this.board = board;
        this.context = context;
    }

    /// Prints all that is wrong: modules that are draining or stuck, watchers that are suspended, sources that do not
    /// compile, better sources of events that can't be used, and losses.
    ///
    /// @param session the session of the caller
    @Descriptor(
            "tell all that is wrong: modules that are draining or stuck, watchers that are"
                    + " suspended, what does not compile, sources of events that can't be used, and"
                    + " losses")
    public void why(CommandSession session) {
        Outlet outlet = Outlet.of(session);
        StringBuilder text = new StringBuilder();
        appendBlocked(text, outlet);
        modules.watchers().stream()
                .filter(watcher -> !watcher.suspended().isEmpty())
                .forEach(watcher -> append(text, outlet, watcher, " of " + watcher.module()));
        text.append(SourceErrors.all(context));
        appendSources(text);
        LossTable.losses(board).stream()
                .filter(loss -> loss.value() > 0)
                .forEach(loss -> append(text, outlet, loss));
        System.out.print(
                text.isEmpty() ? outlet.shown(Tone.GOOD, "nothing is wrong") + "\n" : text);
    }

    private void appendBlocked(StringBuilder text, Outlet outlet) {
        for (ModuleInfo module : modules.modules()) {
            if (BLOCKED.contains(module.state())) {
                text.append(
                        "%s %s is %s%n"
                                .formatted(
                                        module.name(),
                                        module.version(),
                                        outlet.shown(Cell.of(module.state()))));
                try {
                    append(text, modules.calls(module.name()));
                } catch (IllegalArgumentException e) {
                    text.append(e.getMessage()).append('\n'); // its last call has ended meanwhile
                }
            }
        }
    }

    /// What comes after the active one is not missed.
    private void appendSources(StringBuilder text) {
        for (SourceInfo source : sources.sources()) {
            if (source.state() == SourceInfo.State.ACTIVE) {
                return;
            }
            if (source.state() == SourceInfo.State.UNAVAILABLE) {
                text.append(
                        "source %s can't be used: %s%n"
                                .formatted(source.name(), TaskText.printable(source.reason())));
            }
        }
        text.append("no source of events is active: watchers are told of none\n");
    }

    private static void append(StringBuilder text, Outlet outlet, Counter loss) {
        String line =
                "%d events were lost at %s %s since %s"
                        .formatted(
                                loss.value(),
                                LossTable.place(loss),
                                LossTable.at(loss),
                                loss.since());
        text.append(outlet.shown(Tone.BAD, line)).append('\n');
    }

    /// Prints what is wrong with the source of a module, what its unload would have to wait for, and which of
    /// its watchers are not called.
    ///
    /// @param session the session of the caller
    /// @param module its name
    /// @throws CommandException if there is no such module, and no source that could not become one
    @Descriptor(
            "tell what blocks the unload of a module: calls in flight, with their stacks; why"
                    + " watchers of it are suspended; and why its source does not compile")
    public void why(
            CommandSession session,
            @Descriptor("symbolic name of the module's bundle") String module)
            throws CommandException {
        StringBuilder text = new StringBuilder(SourceErrors.of(context, module));
        try {
            List<CallInfo> calls = modules.calls(module);
            text.append(calls.isEmpty() ? module + ": nothing is in flight\n" : "");
            modules.watchers().stream()
                    .filter(watcher -> watcher.module().equals(module))
                    .filter(watcher -> !watcher.suspended().isEmpty())
                    .forEach(watcher -> append(text, Outlet.of(session), watcher, ""));
            append(text, calls);
        } catch (IllegalArgumentException e) {
            if (text.isEmpty()) { // else it has never been compiled
                throw CommandException.failed("task:why", String.valueOf(e.getMessage()));
            }
        }
        System.out.print(text);
    }

    private static void append(StringBuilder text, Outlet outlet, WatcherInfo watcher, String of) {
        text.append(
                "%s%s is %s: %s; see task:resume%n"
                        .formatted(
                                watcher.name(),
                                of,
                                outlet.shown(Tone.WARNING, "suspended"),
                                watcher.suspended()));
    }

    private static void append(StringBuilder text, List<CallInfo> calls) {
        for (CallInfo call : calls) {
            text.append(
                    "%s on thread \"%s\" for %d ms%n"
                            .formatted(call.watcher(), call.thread(), call.elapsed().toMillis()));
            call.stack().forEach(frame -> text.append("    at ").append(frame).append('\n'));
        }
    }
}
