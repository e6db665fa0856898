// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates.impl;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.spi.Uncaught;
import org.taskwatch.rates.Rate;
import org.taskwatch.rates.Rates;
import org.taskwatch.tasks.Sources;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Looks at the counts once a second, as long as it is active: averages need a history.
@Component(immediate = true)
public final class RatesComponent implements Rates {
    private static final System.Logger LOG = System.getLogger(RatesComponent.class.getName());

    private final Sources sources;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("taskwatch-rates").daemon().factory());
    private final Averages averages; // the timer's own, after the constructor

    // The timer's own. Whether the last look has failed.
    private boolean isFailing;

    // Written by the timer's thread, read by all.
    private volatile List<Rate> rates;

    /// Begins to look.
    ///
    /// @param sources counts the events
    @Activate
    public RatesComponent(@Reference Sources sources) {
        this.sources = sources;
        averages = new Averages(System.nanoTime(), sources.counts(), cpuNanos());
        rates = averages.rates();
        timer.scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /// Ends looking.
    @Deactivate
    public void deactivate() {
        timer.shutdownNow();
    }

    @Override
    public List<Rate> rates() {
        return rates;
    }

    // A timer forgets what throws. A look that is left out makes the next one longer.
    private void look() {
        try {
            rates = averages.look(System.nanoTime(), sources.counts(), cpuNanos());
            isFailing = false;
        } catch (RuntimeException | Error e) {
            if (e instanceof VirtualMachineError) {
                Uncaught.handle(e);
            }
            if (!isFailing) {
                LOG.log(
                        Level.WARNING,
                        "the rates stay as they are until they can be read again",
                        e);
            }
            isFailing = true;
        }
    }

    /// Linux tells it in `/proc/self/stat`.
    private static long cpuNanos() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElseThrow(() -> new IllegalStateException("/proc/self/stat can't be read"));
    }
}
