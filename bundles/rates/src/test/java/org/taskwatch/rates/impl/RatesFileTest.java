// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.rates.impl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.taskwatch.api.file.Client;
import org.taskwatch.rates.Rate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

public class RatesFileTest {
    private final Locale before = Locale.getDefault();

    @Before
    public void useACommaForTheDecimalPoint() {
        Locale.setDefault(Locale.GERMANY);
    }

    @After
    public void restore() {
        Locale.setDefault(before);
    }

    @Test
    public void shouldShowALineForEachWindowBelowTheNamesWithAPointWhateverTheLocale()
            throws Exception {
        RatesFile file =
                new RatesFile(() ->
                        List.of(
                                new Rate(0, 1234567.5, 0, 0, 0, 0, 0),
                                new Rate(60, 12.5, 1, 10, 12.0004, 40, 0.005)));

        assertThat(
                        StandardCharsets.UTF_8
                                .decode(file.open(new Client(1, 0, 0)).read(0, 4096, true))
                                .toString())
                .isEqualTo(
                        """
                        seconds forks clones execs exits events cpu
                        0 1234567.500 0.000 0.000 0.000 0.000 0.000000
                        60 12.500 1.000 10.000 12.000 40.000 0.005000
                        """);
    }
}
