// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;
import org.apache.felix.service.command.annotations.GogoCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.rates.Rate;
import org.taskwatch.rates.Rates;

import java.util.Locale;

/// The command that shows how often tasks come and go, and what watching them costs.
@Component(service = RatesCommand.class)
@GogoCommand(scope = "task", function = "rates")
public final class RatesCommand {
    private static final double NANOS_PER_MICRO = 1e3;
    private static final int SECONDS_PER_MINUTE = 60;

    private final Rates rates;

    /// Makes the command.
    ///
    /// @param rates what it shows
    @Activate
    public RatesCommand(@Reference Rates rates) {
        this.rates = rates;
    }

    /// Prints the rates.
    ///
    /// @param session the session of the caller
    /// @param json whether to print JSON
    @Descriptor(
            "show forks, clones (of threads), execs and exits per second in the last second and"
                    + " over 1, 5 and 15 minutes, and the processor time of taskwatch")
    public void rates(
            CommandSession session,
            @Descriptor("print one JSON object for each window, on a line")
                    @Parameter(
                            names = {"-j", "--json"},
                            presentValue = "true",
                            absentValue = "false")
                    boolean json) {
        if (json) {
            rates.rates().forEach(rate -> System.out.println(json(rate)));
        } else {
            Outlet.of(session).print(table());
        }
    }

    private Table table() {
        Table table =
                new Table(
                        "OVER",
                        "FORKS/S",
                        "CLONES/S",
                        "EXECS/S",
                        "EXITS/S",
                        "EVENTS/S",
                        "CPU %",
                        "CPU US/EVENT");
        for (Rate rate : rates.rates()) {
            table.row(
                    window(rate),
                    decimal(rate.forks()),
                    decimal(rate.clones()),
                    decimal(rate.execs()),
                    decimal(rate.exits()),
                    decimal(rate.events()),
                    String.format(Locale.ROOT, "%.2f", rate.cpu() * 100),
                    rate.events() == 0 ? "-" : decimal(rate.cpuNanosPerEvent() / NANOS_PER_MICRO));
        }
        return table;
    }

    private static String window(Rate rate) {
        return rate.windowSeconds() == 0
                ? "now"
                : rate.windowSeconds() / SECONDS_PER_MINUTE + " min";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String json(Rate rate) {
        return String.format(
                Locale.ROOT,
                "{\"seconds\":%d,\"forks\":%.3f,\"clones\":%.3f,\"execs\":%.3f,\"exits\":%.3f,"
                        + "\"events\":%.3f,\"cpu\":%.6f,\"cpuNanosPerEvent\":%s}",
                rate.windowSeconds(),
                rate.forks(),
                rate.clones(),
                rate.execs(),
                rate.exits(),
                rate.events(),
                rate.cpu(),
                rate.events() == 0 ? "null" : Math.round(rate.cpuNanosPerEvent()));
    }
}
