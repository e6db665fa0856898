// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.packages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// The unit of the service, and what systemd would do with it: as the user, with the capabilities.
///
/// @param settings its lines, by what stands before the `=`
record Unit(Map<String, String> settings) {
    static Unit read(Path file) throws IOException {
        return new Unit(
                Files.readAllLines(file).stream()
                        .filter(line -> line.matches("[A-Za-z]+=.*"))
                        .map(line -> line.split("=", 2))
                        .collect(
                                Collectors.toMap(
                                        parts -> parts[0], parts -> parts[1], (_, last) -> last)));
    }

    /// {@return the command that starts the service as the unit says}
    List<String> command() {
        String capabilities = capabilities(settings.get("AmbientCapabilities"));
        String bounds = capabilities(settings.get("CapabilityBoundingSet"));
        List<String> words = new ArrayList<>(List.of("setpriv", "--init-groups"));
        words.add("--reuid=" + settings.get("User"));
        words.add("--regid=" + settings.get("Group"));
        words.add("--inh-caps=-all," + capabilities);
        words.add("--ambient-caps=-all," + capabilities);
        words.add("--bounding-set=-all," + bounds);
        if ("yes".equals(settings.get("NoNewPrivileges"))) {
            words.add("--no-new-privs");
        }
        words.addAll(List.of(settings.get("ExecStart").split(" ")));
        return words;
    }

    /// {@return capabilities as setpriv(1) takes them}
    private static String capabilities(String names) {
        return List.of(names.toLowerCase(Locale.ROOT).split(" ")).stream()
                .map(name -> name.replace("cap_", "+"))
                .collect(Collectors.joining(","));
    }
}
