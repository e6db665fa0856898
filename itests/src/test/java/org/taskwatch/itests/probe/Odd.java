// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.itests.probe;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.file.ControlFile;
import org.taskwatch.api.file.FilePath;
import org.taskwatch.api.file.TextFile;

import java.util.Hashtable;
import java.util.Map;

/// Files with paths that are none, one with a path that others have too, and one that fails. It tells
/// its revision in those that can be read.
@Component(service = {})
public class Odd {
    private final Notebook notebook = Notebook.ofThisBundle();

    /// Registers them; they go with the bundle.
    ///
    /// @param context where
    @Activate
    public Odd(BundleContext context) {
        String text = notebook.revision() + "\n";
        for (Object path :
                new Object[] {
                    "",
                    "/",
                    "/absolute",
                    "probe/",
                    "probe//x",
                    ".",
                    "probe/..",
                    "../outside",
                    "a\0b",
                    "x".repeat(256),
                    7,
                    "probe/shared",
                    "y".repeat(255),
                    "events/below",
                    "ä ö"
                }) {
            register(context, path, _ -> new TextFile(() -> text));
        }
        register(
                context,
                "probe/failing",
                _ -> {
                    throw new IllegalStateException("this file fails");
                });
        notebook.write("registered");
    }

    private static void register(BundleContext context, Object path, ControlFile file) {
        context.registerService(
                ControlFile.class, file, new Hashtable<>(Map.of(FilePath.FILE_PATH, path)));
    }
}
