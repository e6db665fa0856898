// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.instance;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.taskwatch.launcher.deploy.BundleHeaders;
import org.taskwatch.launcher.deploy.Stamp;
import org.taskwatch.launcher.failure.Failure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What an operator has put into the folder `link` of the base: fragments of the core, whose watchers are
/// linked into its static table. The folder is read once, as the table never changes. All of it is linked, or
/// nothing starts: what somebody relies on must not be missing in silence. Reasons:
/// `docs/adr/0023-linked-fragments.md`.
///
/// @param folder where they lie
/// @param jars in the order of their names
record LinkedFragments(Path folder, List<Path> jars) {
    /// The bundle that they are fragments of.
    static final String HOST = "org.taskwatch.core";

    private static final String JARS = "[!.]*.jar"; // as in the folder deploy

    /// {@return those of a folder}
    ///
    /// @throws Failure if it can't be read, or has a jar that is none
    static LinkedFragments in(Path folder) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, JARS)) {
            files.forEach(jars::add);
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new Failure("cannot read the folder %s: %s".formatted(folder, Failure.reason(e)));
        }
        jars.sort(null);
        LinkedFragments links = new LinkedFragments(folder, List.copyOf(jars));
        jars.forEach(links::requireFragment);
        return links;
    }

    private void requireFragment(Path jar) {
        Stamp stamp = Stamp.of(jar);
        String obstacle = stamp == null ? "it is gone" : stamp.obstacle();
        try {
            String host =
                    obstacle == null
                            ? BundleHeaders.of(jar).getValue(Constants.FRAGMENT_HOST)
                            : null;
            if (obstacle == null && (host == null || !host.split(";")[0].strip().equals(HOST))) {
                obstacle =
                        "it is no fragment of %s (Fragment-Host: %s); other bundles belong into the folder deploy"
                                .formatted(HOST, host == null ? "none" : host);
            }
        } catch (IOException e) {
            obstacle = "it is no jar: " + Failure.reason(e);
        }
        if (obstacle != null) {
            throw failure(jar, obstacle);
        }
    }

    private Failure failure(Path jar, String reason) {
        return new Failure(
                "cannot link %s: %s. Nothing starts without it: mend it, or take it out of %s, and start again"
                        .formatted(jar, reason, folder));
    }

    /// {@return the bundles of the class path that are loaded from there} If there is something to link, the core
    /// is not among them: the loader of the class path has not these jars, and has no place for further ones.
    ///
    /// @param all what could be
    ClassPathBundles loadable(ClassPathBundles all) {
        return jars.isEmpty() ? all : all.without(HOST);
    }

    /// Installs them, and has all resolved. The rest of the distribution must be installed.
    ///
    /// @throws Failure if one can't be attached to the core
    void install(BundleContext context) {
        if (jars.isEmpty()) {
            return;
        }
        List<Bundle> fragments = new ArrayList<>();
        for (Path jar : jars) {
            fragments.add(Distribution.copy(context, jar));
        }
        context.getBundle(Constants.SYSTEM_BUNDLE_ID)
                .adapt(FrameworkWiring.class)
                .resolveBundles(null);
        for (int i = 0; i < jars.size(); i++) {
            if (!isAttached(fragments.get(i))) {
                throw failure(jars.get(i), obstacle(context, fragments.get(i)));
            }
        }
    }

    private static boolean isAttached(Bundle fragment) {
        BundleWiring wiring = fragment.adapt(BundleWiring.class);
        return wiring != null && !wiring.getRequiredWires(HostNamespace.HOST_NAMESPACE).isEmpty();
    }

    /// The framework leaves a fragment out and doesn't say why.
    private static String obstacle(BundleContext context, Bundle fragment) {
        BundleRevision revision = fragment.adapt(BundleRevision.class);
        for (BundleRequirement needed : revision.getDeclaredRequirements(null)) {
            if (!isOptional(needed) && !isProvided(context, needed)) {
                return "nothing here provides what it needs: %s %s"
                        .formatted(needed.getNamespace(), filter(needed));
            }
        }
        return "it can't be attached to %s: what the two need does not fit together, or there is a later %s"
                .formatted(HOST, fragment.getSymbolicName());
    }

    private static boolean isProvided(BundleContext context, BundleRequirement needed) {
        return Arrays.stream(context.getBundles())
                .map(bundle -> bundle.adapt(BundleRevision.class))
                .flatMap(provider -> provider.getDeclaredCapabilities(null).stream())
                .anyMatch(needed::matches);
    }

    private static boolean isOptional(BundleRequirement needed) {
        return PackageNamespace.RESOLUTION_OPTIONAL.equals(
                needed.getDirectives().get(PackageNamespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
    }

    private static @Nullable String filter(BundleRequirement needed) {
        return needed.getDirectives().get(PackageNamespace.REQUIREMENT_FILTER_DIRECTIVE);
    }

    /// Does nothing if a bundle has failed to start for another reason than one of these.
    ///
    /// @param e what the framework says; the core names the location of what it can't link
    /// @throws Failure that names the file, if it is one of these
    void blame(BundleException e) {
        String message = String.valueOf(e.getMessage());
        for (Path jar : jars) {
            if (message.contains(ClassPathBundles.location(jar) + ":")) {
                throw failure(jar, message.replace(ClassPathBundles.location(jar) + ": ", ""));
            }
        }
    }
}
