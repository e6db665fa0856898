// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.shell;

import org.apache.felix.service.command.annotations.GogoCommand;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.taskwatch.api.tool.UsageReport;
import org.taskwatch.api.tool.UsageSum;
import org.taskwatch.api.tool.UsageSums;
import org.taskwatch.api.tool.UsageSums.By;
import org.taskwatch.control.Commands;
import org.taskwatch.control.Declaration;
import org.taskwatch.control.Tone;

import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;

/// The command that shows what processes have used, in sums.
@Component(service = DeclaredCommand.class)
@GogoCommand(scope = "task", function = "usage")
public final class UsageCommand implements DeclaredCommand {
    private static final int KIB_BITS = 10;
    private static final double NANOS = 1e9;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable UsageSums sums;

    /// Made by Declarative Services.
    public UsageCommand() {}

    @Override
    public Declaration declaration() {
        return Commands.USAGE;
    }

    @Override
    public @Nullable ExitStatus run(Call call) throws CommandException {
        UsageSums counted = sums;
        if (counted == null) {
            throw call.failed(
                    "nothing adds up what processes use: copy optional/org.taskwatch.usage-*.jar of"
                            + " the distribution into the folder deploy of the base");
        }
        Optional<Duration> last = call.arguments().duration("since");
        String gap = "";
        for (By by : call.arguments().set("by", By.class, EnumSet.of(By.LABEL))) {
            System.out.print(gap);
            print(Outlet.of(call.session()), by, report(call, counted, by, last));
            gap = "\n";
        }
        return null;
    }

    private static UsageReport report(Call call, UsageSums counted, By by, Optional<Duration> last)
            throws CommandException {
        try {
            return last.isEmpty() ? counted.all(by) : counted.last(by, last.get());
        } catch (IllegalArgumentException e) {
            throw call.misused(
                    "--since: " + e.getMessage() + "; without it, all are told from the beginning");
        }
    }

    private static void print(Outlet outlet, By by, UsageReport report) {
        System.out.println(
                "ended since "
                        + report.since()
                                .atZone(ZoneId.systemDefault())
                                .toLocalDateTime()
                                .truncatedTo(ChronoUnit.SECONDS));
        if (report.lost() > 0) {
            System.out.println(
                    outlet.shown(
                            Tone.BAD,
                            report.lost() + " events were lost: so many ends may be missing"));
        }
        Table table =
                new Table(
                        by.name(),
                        "PROCESSES",
                        "UNKNOWN",
                        "CPU_S",
                        "USER_S",
                        "SYSTEM_S",
                        "MAX_KIB",
                        "MINOR",
                        "MAJOR");
        report.sums().forEach(sum -> row(table, sum));
        outlet.print(table);
    }

    private static void row(Table table, UsageSum sum) {
        table.row(
                sum.name(),
                sum.processes(),
                sum.unknown(),
                seconds(sum.total()),
                seconds(sum.user()),
                seconds(sum.system()),
                sum.maxResidentBytes().isPresent()
                        ? sum.maxResidentBytes().getAsLong() >> KIB_BITS
                        : "-",
                sum.minorFaults(),
                sum.majorFaults());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f", time.toNanos() / NANOS);
    }
}
