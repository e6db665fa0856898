// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.taskwatch.api.tool.AllCounters;
import org.taskwatch.api.tool.Modules;
import org.taskwatch.api.tool.TaskTable;
import org.taskwatch.api.tool.WatcherInfo;
import org.taskwatch.api.web.WebPath;
import org.taskwatch.gate.Gates;
import org.taskwatch.rates.Rates;
import org.taskwatch.tasks.Sources;

import java.io.IOException;
import java.util.List;

/// What the page shows of the instance. Nothing is kept between two requests.
@Component
@WebPath("/page/state")
public final class StatePath implements HttpHandler {
    private final Modules modules;
    private final AllCounters counters;
    private final TaskTable table;
    private final Sources sources;
    private final @Nullable Rates rates;
    private final @Nullable Gates gates;

    /// Made by Declarative Services, when the server is started.
    ///
    /// @param modules knows the watchers
    /// @param counters knows the losses
    /// @param table has the tasks
    /// @param sources where events come from
    /// @param rates null if its bundle is not there
    /// @param gates null if commands can't be gated
    @Activate
    public StatePath(
            @Reference Modules modules,
            @Reference AllCounters counters,
            @Reference TaskTable table,
            @Reference Sources sources,
            @Reference(
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable Rates rates,
            @Reference(
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable Gates gates) {
        this.modules = modules;
        this.counters = counters;
        this.table = table;
        this.sources = sources;
        this.rates = rates;
        this.gates = gates;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Replies.json(
                exchange,
                new State(
                        table.tasks().size(),
                        sources.sources().stream().map(State.Source::of).toList(),
                        rates == null ? List.of() : rates.rates(),
                        modules.modules().stream()
                                .map(each -> State.Module.of(each, modules))
                                .toList(),
                        modules.watchers().stream()
                                .filter(WatcherInfo::linked)
                                .map(State.Watcher::of)
                                .toList(),
                        State.Lost.of(counters.counters()),
                        gates == null
                                ? List.of()
                                : gates.gates().stream().map(State.GateRow::of).toList()));
    }
}
