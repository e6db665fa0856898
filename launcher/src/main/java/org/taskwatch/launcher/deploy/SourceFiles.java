// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.taskwatch.launcher.failure.Failure;
import org.taskwatch.launcher.source.Compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Java sources, which are compiled. `docs/adr/0026-watchers-as-one-file.md` says how and why.
final class SourceFiles implements FileKind {
    private static final System.Logger LOG = System.getLogger(Deployer.class.getName());

    /// Behind the name of a source: the file that tells what is wrong with it.
    private static final String ERRORS = ".err";

    /// The start level of the bundles that others are built on.
    private static final int FOUNDATION = 1;

    private final Path folder;
    private final BundleContext context;
    private final Compiler compiler;

    /// @param folder where the sources lie, and the jars that are deployed
    /// @param context knows the bundles that a source may use
    /// @param compiler compiles them
    SourceFiles(Path folder, BundleContext context, Compiler compiler) {
        this.folder = folder;
        this.context = context;
        this.compiler = compiler;
    }

    static boolean isOne(Path file) {
        return file.toString().endsWith(Compiler.SUFFIX);
    }

    @Override
    public void announce() {
        compiler.prepare();
    }

    /// {@return true: only the compiler can tell, see [BundleFailure.Kind#UNFINISHED]}
    @Override
    public boolean isComplete(Path file) {
        return true;
    }

    @Override
    public Content content(Path file) throws IOException {
        Stamp before = Stamp.of(file);
        if (before == null) {
            throw new IOException("it was deleted while it was to be compiled");
        }
        byte[] jar = compiler.bundle(file, before.modified().toInstant(), classPath());
        if (!Objects.equals(before, Stamp.of(file))) {
            throw new IOException("it was written while it was compiled");
        }
        return new Content.InMemory(jar);
    }

    /// {@return the jars of the bundles that others are built on, and of those in the folder that export
    /// packages}
    private List<Path> classPath() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID)
                .filter(SourceFiles::isForSources)
                .map(this::jar)
                .filter(Files::isRegularFile)
                .toList();
    }

    private static boolean isForSources(Bundle bundle) {
        boolean isDeployed = bundle.getLocation().startsWith(DeployedBundle.LOCATION);
        BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
        return bundle.getHeaders("").get(Constants.EXPORT_PACKAGE) != null
                && (isDeployed || (level != null && level.getStartLevel() == FOUNDATION));
    }

    /// {@return where a bundle was installed from: its location says so behind a colon, relative to the folder}
    private Path jar(Bundle bundle) {
        String location = bundle.getLocation();
        return folder.resolve(location.substring(location.indexOf(':') + 1));
    }

    /// Replaces or deletes the file of errors. A link of its name is not followed, and a reader sees all or
    /// nothing.
    @Override
    public void tell(Path file, @Nullable String failure) {
        Path errors = file.resolveSibling(file.getFileName() + ERRORS);
        Path written = file.resolveSibling("." + errors.getFileName());
        try {
            if (failure == null) {
                Files.deleteIfExists(errors);
            } else {
                Files.deleteIfExists(written);
                Files.writeString(written, failure + "\n", StandardOpenOption.CREATE_NEW);
                Files.move(written, errors, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot write %s: %s".formatted(errors, Failure.reason(e)));
        }
    }
}
