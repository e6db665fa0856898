// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.launcher.deploy;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.taskwatch.launcher.deploy.BundleFailure.Kind;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.jar.Attributes;

/// Works on the bundle of one file of the deploy folder. The methods block until the framework is
/// done: one thread at a time calls them.
final class DeployedBundle {
    private static final System.Logger LOG = System.getLogger(Deployer.class.getName());

    /// What the location of a bundle begins with; behind it is the name of the file.
    static final String LOCATION = "deploy:";

    private static final int MOST_TRIES = 10;

    private final BundleContext context;
    private final FileKind kind;
    private final String location;
    private final LongSupplier bundleChanges;

    /// The outcome of work.
    ///
    /// @param done what was done, null if nothing
    /// @param failure what could not be done, null if nothing
    /// @param changes the count of bundle changes when it began to need other bundles
    record Outcome(@Nullable String done, @Nullable BundleFailure failure, long changes) {}

    DeployedBundle(BundleContext context, FileKind kind, String name, LongSupplier bundleChanges) {
        this.context = context;
        this.kind = kind;
        this.location = LOCATION + name;
        this.bundleChanges = bundleChanges;
    }

    /// Installs the bundle, or updates it if it is installed, and starts it. Where the new content
    /// is no bundle, the old one goes on.
    Outcome deploy(Path file) {
        long changes = bundleChanges.getAsLong();
        try {
            return deploy(kind.content(file), changes);
        } catch (IOException e) {
            return failed(BundleFailure.of(e), changes);
        }
    }

    private Outcome deploy(Content content, long changesBefore) throws IOException {
        long changes = changesBefore;
        try {
            requireBundle(content);
            Bundle bundle = context.getBundle(location);
            String done = bundle == null ? "deployed" : "updated to";
            try (InputStream jar = content.open()) {
                if (bundle == null) {
                    bundle = context.installBundle(location, jar);
                } else {
                    bundle.update(jar); // stops it before, and starts it after
                    Dependents.relink(context, bundle);
                }
            }
            changes = bundleChanges.getAsLong();
            start(bundle);
            warnOfOtherVersions(bundle);
            return new Outcome(done + " " + name(bundle), null, changes);
        } catch (BundleException e) {
            return e.getType() == BundleException.DUPLICATE_BUNDLE_ERROR
                    ? failed(new BundleFailure(Kind.OTHERS, duplicate(content)), changes)
                    : failed(BundleFailure.of(e), changes);
        }
    }

    /// Two versions of a bundle may run, but mostly the jar of the older one was forgotten.
    private void warnOfOtherVersions(Bundle bundle) {
        for (Bundle other : context.getBundles()) {
            if (other != bundle && bundle.getSymbolicName().equals(other.getSymbolicName())) {
                LOG.log(
                        Level.WARNING,
                        "%s: %s is deployed beside %s, from %s: the watchers of both are called; delete the jar that is not meant"
                                .formatted(
                                        source(bundle), name(bundle), name(other), source(other)));
            }
        }
    }

    private static String source(Bundle bundle) {
        return bundle.getLocation().replace(LOCATION, "");
    }

    /// {@return whether what failed may work now that other bundles have come or gone}
    boolean mayResolveNow(@Nullable BundleFailure failure) {
        Bundle bundle = context.getBundle(location);
        if (bundle == null) {
            return failure != null && failure.kind() == BundleFailure.Kind.OTHERS;
        }
        // One that an operator stopped is resolved, or not to be started: it stays as it is.
        return bundle.getState() == Bundle.INSTALLED
                && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    /// Starts the bundle, or deploys it if it could not even be installed.
    Outcome retry(Path file) {
        Bundle bundle = context.getBundle(location);
        if (bundle == null) {
            return deploy(file);
        }
        long changes = bundleChanges.getAsLong();
        try {
            start(bundle);
            warnOfOtherVersions(bundle);
            return new Outcome("deployed " + name(bundle), null, changes);
        } catch (BundleException e) {
            return failed(BundleFailure.of(e), changes);
        }
    }

    /// Resolves a bundle before it starts it. A start that has to resolve waits for the
    /// framework's lock while it holds the bundle's, and Felix interrupts it when the resolving of
    /// another bundle needs that: it would fail with no fault of its own. The start reports what
    /// can't be resolved. If another thread has resolved it between the two, it may fail all the same, and is tried again.
    private void start(Bundle bundle) throws BundleException {
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
        wiring.resolveBundles(List.of(bundle));
        for (int left = MOST_TRIES - 1; ; left--) {
            try {
                bundle.start();
                return;
            } catch (BundleException e) {
                if (e.getType() != BundleException.RESOLVE_ERROR
                        || left == 0
                        || !wiring.resolveBundles(List.of(bundle))) {
                    throw e;
                }
            }
        }
    }

    /// Uninstalls the bundle, if it was ever installed.
    Outcome undeploy() {
        long changes = bundleChanges.getAsLong();
        Bundle bundle = context.getBundle(location);
        if (bundle == null) {
            return new Outcome(null, null, changes);
        }
        try {
            uninstall(bundle);
            Dependents.relink(context, bundle);
            return new Outcome("undeployed " + name(bundle), null, changes);
        } catch (BundleException e) {
            return failed(new BundleFailure(Kind.OWN, BundleFailure.of(e).reason()), changes);
        }
    }

    /// Stops a bundle and uninstalls it; again if Felix has interrupted that, as when it starts one.
    private static void uninstall(Bundle bundle) throws BundleException {
        for (int left = MOST_TRIES - 1; ; left--) {
            try {
                bundle.uninstall();
                return;
            } catch (IllegalStateException e) {
                if (left == 0 || bundle.getState() == Bundle.UNINSTALLED) {
                    throw e;
                }
            }
        }
    }

    /// {@return what to add to a failure: whether an older content of the file runs}
    String whatGoesOn() {
        Bundle bundle = context.getBundle(location);
        return bundle != null && bundle.getState() == Bundle.ACTIVE
                ? "; %s goes on".formatted(name(bundle))
                : "";
    }

    private static void requireBundle(Content content) throws IOException, BundleException {
        Attributes main = content.headers();
        String host = main.getValue(Constants.FRAGMENT_HOST);
        if (main.getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
            throw new BundleException(
                    "it is no bundle: its manifest has no Bundle-SymbolicName",
                    BundleException.MANIFEST_ERROR);
        }
        if (host != null) {
            throw new BundleException(
                    "it is a fragment of %s, and fragments are linked at the start: put one of the core into the folder link of the base, another one into the directory bundles/<start level> of the distribution"
                            .formatted(host),
                    BundleException.UNSUPPORTED_OPERATION);
        }
    }

    private static Outcome failed(BundleFailure failure, long changes) {
        return new Outcome(null, failure, changes);
    }

    /// Names the bundle that has the name and version of a jar.
    private String duplicate(Content content) throws IOException {
        String wanted =
                String.valueOf(content.headers().getValue(Constants.BUNDLE_SYMBOLICNAME))
                        .split(";")[0]
                        .strip();
        for (Bundle bundle : context.getBundles()) {
            if (wanted.equals(bundle.getSymbolicName()) && !bundle.getLocation().equals(location)) {
                return "%s is there already, from %s".formatted(name(bundle), source(bundle));
            }
        }
        return wanted + " is there already";
    }

    private static String name(Bundle bundle) {
        return bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
