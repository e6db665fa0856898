// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.source;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Jar;

import org.taskwatch.launcher.source.SourceException.Cause;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Makes a bundle of classes, as the Maven plugin of bnd does: imports, components and capabilities are read
/// off the classes and their annotations. It exports nothing.
///
/// @param name the symbolic name
/// @param version of the bundle
record BundleBuilder(String name, String version) {
    /// What bnd says where classes in no package use each other, which is no fault of a bundle that is whole.
    private static final String DEFAULT_PACKAGE = "The default package '.' is not permitted";

    /// Further errors are not told.
    private static final int MOST_ERRORS = 20;

    /// {@return the jar of the bundle}
    ///
    /// @param classes by their entries in the jar
    /// @param classPath the jars that they were compiled with
    /// @throws SourceException if an annotation can't be as it is
    byte[] jar(Map<String, byte[]> classes, List<Path> classPath) throws IOException {
        try (Builder builder = new Builder()) {
            Jar jar = new Jar(name);
            classes.forEach(
                    (entry, bytes) -> jar.putResource(entry, new EmbeddedResource(bytes, 0L)));
            builder.setJar(jar);
            builder.setClasspath(classPath.stream().map(Path::toFile).toArray(File[]::new));
            instructions().forEach(builder::setProperty);
            Jar built = builder.build();
            requireNoErrors(builder.getErrors());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            built.write(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // which is all that bnd declares
            throw new IOException("bnd can't make a bundle of it: " + e.getMessage(), e);
        }
    }

    private Map<String, String> instructions() {
        return Map.of(
                "Bundle-SymbolicName", name,
                "Bundle-Version", version,
                "-exportcontents", "!*",
                "-noextraheaders", "true",
                "-reproducible", "true");
    }

    private static void requireNoErrors(List<String> errors) throws SourceException {
        List<String> real =
                errors.stream()
                        .filter(error -> !error.startsWith(DEFAULT_PACKAGE))
                        .limit(MOST_ERRORS)
                        .toList();
        if (!real.isEmpty()) {
            throw new SourceException(
                    "no bundle can be made of it\n    " + String.join("\n    ", real),
                    Cause.SOURCE);
        }
    }
}
