// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.usage;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.RawText;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.api.tool.UsageSum;
import org.taskwatch.api.tool.UsageSums;
import org.taskwatch.api.tool.UsageSums.By;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The file that shows the sums of the whole time to programs: a line with the names of the columns, then one for each
/// sum, with one space between two values. The name comes last, as there may be spaces in it; a number that is not known
/// is -1. It has labels and programs of all users, so it is for the owner of the instance.
@Component
@FilePath(value = "usage", mode = 0400)
public final class UsageFile implements ControlFile {
    private static final String COLUMNS =
            "by processes unknown user_ns system_ns max_resident minor_faults major_faults name\n";

    private final UsageSums sums;

    /// Makes the file.
    ///
    /// @param sums what it shows
    @Activate
    public UsageFile(@Reference UsageSums sums) {
        this.sums = sums;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(this::text);
    }

    private String text() {
        return Arrays.stream(By.values())
                .flatMap(by -> sums.all(by).sums().stream().map(sum -> line(by, sum)))
                .collect(Collectors.joining("", COLUMNS, ""));
    }

    private static String line(By by, UsageSum sum) {
        return String.format(
                Locale.ROOT,
                "%s %d %d %d %d %d %d %d %s\n",
                by.name().toLowerCase(Locale.ROOT),
                sum.processes(),
                sum.unknown(),
                sum.user().toNanos(),
                sum.system().toNanos(),
                sum.maxResidentBytes().orElse(-1),
                sum.minorFaults(),
                sum.majorFaults(),
                RawText.escape(sum.name()));
    }
}
