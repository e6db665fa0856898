// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.taskwatch.api.tool.AllCounters;
import org.taskwatch.api.tool.Counter;
import org.taskwatch.api.tool.Counters;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The counters of all bundles. Safe for all threads.
@Component(service = {CounterBoard.class, AllCounters.class})
public final class CounterBoard implements AllCounters {
    private static final System.Logger LOG = System.getLogger(CounterBoard.class.getName());

    /// Replaced by the component runtime when a service comes or goes.
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Counters> services = List.of();

    /// Whether a service has failed the last time: any user may ask as often as he likes, and it is
    /// logged once.
    private final AtomicBoolean isFailing = new AtomicBoolean();

    /// Made by the component runtime.
    public CounterBoard() {}

    @Override
    public List<Counter> counters() {
        List<Counter> all = new ArrayList<>();
        boolean hasFailed = false;
        for (Counters service : services) {
            try {
                all.addAll(List.copyOf(service.counters()));
            } catch (RuntimeException | LinkageError e) {
                hasFailed = true;
                if (isFailing.compareAndSet(false, true)) {
                    LOG.log(
                            Level.WARNING,
                            "the counters of " + service.getClass().getName() + " can't be read",
                            e);
                }
            }
        }
        if (!hasFailed) {
            isFailing.set(false);
        }
        return all;
    }
}
