// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.Gate;
import org.taskwatch.api.TaskEvent;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.control.Tone;
import org.taskwatch.gate.GateInfo;
import org.taskwatch.gate.Gates;

import java.util.Locale;

/// The commands that show the gates, and open one.
@Component(service = GateCommands.class)
@GogoCommand(
        scope = "task",
        function = {"gates", "ungate"})
public final class GateCommands {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Gates gates;
    private final Modules modules;

    /// Makes the commands.
    ///
    /// @param gates what they show
    /// @param modules say who could be asked
    @Activate
    public GateCommands(@Reference Gates gates, @Reference Modules modules) {
        this.gates = gates;
        this.modules = modules;
    }

    /// Prints the table of gates.
    ///
    /// @param session the session of the caller
    @Descriptor(
            "list the gates: the root of the tree, how many forks were asked for and what was"
                    + " answered, the longest wait for an answer in ms, and how many wait now")
    public void gates(CommandSession session) {
        Table table =
                new Table(
                        "PID",
                        "USER",
                        "LABEL",
                        "COMMAND",
                        "ASKED",
                        "ALLOWED",
                        "REFUSED",
                        "LATE",
                        "SLOWEST MS",
                        "WAITING",
                        "STATE");
        TaskText text = TaskText.load();
        gates.gates().forEach(gate -> add(table, text, gate));
        Outlet.of(session).print(table);
        if (!gates.isAsking()) {
            System.out.println(
                    (isWatched() ? "all watchers of INIT are suspended" : "no watcher watches INIT")
                            + ": every fork is let go without asking");
        }
    }

    private boolean isWatched() {
        return modules.watchers().stream()
                .anyMatch(watcher -> watcher.events().contains(TaskEvent.INIT));
    }

    private static void add(Table table, TaskText text, GateInfo info) {
        Gate gate = info.gate();
        table.row(
                gate.pid(),
                text.user(gate.uid()),
                gate.label().isEmpty() ? "-" : gate.label(),
                gate.command(),
                info.asked(),
                info.allowed(),
                info.refused(),
                info.late(),
                String.format(Locale.ROOT, "%.3f", info.slowest().toNanos() / NANOS_PER_MILLI),
                info.waiting(),
                info.isUngated() ? new Cell(Tone.WARNING, "ungated") : "gated");
    }

    /// Opens a gate.
    ///
    /// @param pid the process at the root of its tree
    /// @throws CommandException if there is no gate of it
    @Descriptor("let every fork of a gated tree happen from now on, without asking")
    public void ungate(@Descriptor("pid of the root of the tree, as task:gates shows it") int pid)
            throws CommandException {
        if (!gates.ungate(pid)) {
            throw CommandException.failed(
                    "task:ungate", "process " + pid + " is not the root of a gated tree");
        }
        System.out.println("ungated the tree of process " + pid);
    }
}
