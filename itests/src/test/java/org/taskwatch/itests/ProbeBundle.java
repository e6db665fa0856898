// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Jar;

import org.taskwatch.itests.probe.Notebook;

import java.io.File;
import java.nio.file.Path;

/// Builds the bundles that the tests deploy, with bnd, as a user would.
final class ProbeBundle {
    private static final String PACKAGE = Notebook.class.getPackageName();

    private ProbeBundle() {}

    /// Builds a bundle with one watcher component.
    ///
    /// @param jar the file to write
    /// @param name its symbolic name
    /// @param folder where the watcher takes its notes
    /// @param revision what the watcher calls itself in its notes
    /// @param component the watcher
    /// @param headers further instructions of bnd, name and value by turns
    static Path build(
            Path jar,
            String name,
            Path folder,
            String revision,
            Class<?> component,
            String... headers)
            throws Exception {
        try (Builder builder = new Builder()) {
            builder.setClasspath(
                    new File[] {new File(System.getProperty("taskwatch.test.classes"))});
            builder.setProperty("Bundle-SymbolicName", name);
            builder.setProperty("Bundle-Version", "1.0.0");
            builder.setProperty("Private-Package", PACKAGE);
            builder.setProperty("Import-Package", "!org.jspecify.annotations,*");
            builder.setProperty("-dsannotations", component.getName());
            builder.setProperty("-bundleannotations", component.getName());
            for (int i = 0; i < headers.length; i += 2) {
                builder.setProperty(headers[i], headers[i + 1]);
            }
            Jar built = builder.build();
            built.putResource(
                    Notebook.RESOURCE, new EmbeddedResource(folder + "\n" + revision + "\n", 0));
            if (!builder.isOk()) {
                throw new IllegalStateException("building " + jar + ": " + builder.getErrors());
            }
            built.write(jar.toFile());
            return jar;
        }
    }
}
