// SPDX-License-Identifier: Apache-2.0
package org.taskwatch.api.tool;

import org.osgi.annotation.versioning.ProviderType;

import java.util.List;

/// Shows and steers which watchers are loaded. An OSGi service. Safe for all threads.
///
/// A module is named by the symbolic name of its bundle; where several bundles have the same name,
/// the one with the highest version is meant.
@ProviderType
public interface Modules {
    /// {@return all modules, in the order in which they were registered; last come those that are
    /// no longer registered but whose bundle still offers watchers}
    List<ModuleInfo> modules();

    /// {@return all watchers: the static table, then those of the modules}
    List<WatcherInfo> watchers();

    /// {@return the calls of a module that are in flight, with their threads' stacks}
    ///
    /// @param module its name
    /// @throws IllegalArgumentException if there is no such module
    List<CallInfo> calls(String module);

    /// Takes a module in: its watchers are called from now on. Does nothing if it is registered.
    /// A module is registered by itself when its first watcher appears.
    ///
    /// @param module its name
    /// @throws IllegalArgumentException if there is no such module
    /// @throws IllegalStateException if it is being unregistered, or is stuck
    void register(String module);

    /// Calls the suspended watchers of a module again. Does nothing if there are none.
    ///
    /// @param module its name
    /// @throws IllegalArgumentException if there is no such module
    /// @throws IllegalStateException if it is not registered, or a call for which a watcher was
    ///     suspended has not ended
    void resume(String module);

    /// Takes a module out, while its bundle stays: waits until none of its watchers is being
    /// called. When it returns, no thread is inside them and none will enter.
    ///
    /// A thread that calls this from inside a call of that very module does not wait for itself:
    /// its own calls end after the method has returned.
    ///
    /// @param module its name
    /// @throws IllegalArgumentException if there is no such module
    /// @throws UnloadException if calls did not end within the unload deadline
    void unregister(String module) throws UnloadException;

    /// Takes a module out as [#unregister] does, and then stops its bundle: the wait for its calls is over before the
    /// framework takes any lock.
    ///
    /// @param module its name
    /// @throws IllegalArgumentException if there is no such module
    /// @throws UnloadException if calls did not end within the unload deadline, and the bundle is not stopped then; or if the
    ///     bundle could not be stopped
    void unload(String module) throws UnloadException;
}
