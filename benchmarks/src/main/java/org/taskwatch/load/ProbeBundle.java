// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.load;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/// Builds the bundle of a probe, with bnd, as a user would.
final class ProbeBundle {
    private ProbeBundle() {}

    /// Builds it.
    ///
    /// @param jar the file to write
    /// @param component the class of the probe
    static void build(Path jar, Class<?> component) throws Exception {
        try (Builder builder = new Builder()) {
            builder.setClasspath(
                    new File[] {
                        new File(
                                component
                                        .getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                    });
            builder.setProperty("Bundle-SymbolicName", component.getName());
            builder.setProperty("Bundle-Version", "1.0.0");
            builder.setProperty("Private-Package", component.getPackageName());
            builder.setProperty("Import-Package", "!org.jspecify.annotations,*");
            builder.setProperty("-dsannotations", component.getName());
            builder.setProperty("-bundleannotations", component.getName());
            Jar built = builder.build();
            if (!builder.isOk()) {
                throw new IOException("building " + jar + ": " + builder.getErrors());
            }
            built.write(jar.toFile());
        }
    }
}
