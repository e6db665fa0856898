// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates.impl;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.taskwatch.api.file.Client;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.OpenFile;
import org.taskwatch.api.file.TextFile;
import org.taskwatch.rates.Rate;
import org.taskwatch.rates.Rates;

import java.util.Locale;
import java.util.stream.Collectors;

/// The file that shows the rates to programs: a line with the names, then one for each window, with
/// one space between two values. A column that comes later is put behind these.
@Component
@FilePath("rates")
public final class RatesFile implements ControlFile {
    private static final String NAMES = "seconds forks clones execs exits events cpu\n";

    private final Rates rates;

    /// Makes the file.
    ///
    /// @param rates what it shows
    @Activate
    public RatesFile(@Reference Rates rates) {
        this.rates = rates;
    }

    @Override
    public OpenFile open(Client client) {
        return new TextFile(this::text);
    }

    private String text() {
        return rates.rates().stream()
                .map(RatesFile::line)
                .collect(Collectors.joining("", NAMES, ""));
    }

    private static String line(Rate rate) {
        return String.format(
                Locale.ROOT,
                "%d %.3f %.3f %.3f %.3f %.3f %.6f\n",
                rate.windowSeconds(),
                rate.forks(),
                rate.clones(),
                rate.execs(),
                rate.exits(),
                rate.events(),
                rate.cpu());
    }
}
