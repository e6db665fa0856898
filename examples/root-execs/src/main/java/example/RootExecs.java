package example;

import org.osgi.service.component.annotations.Component;
import org.taskwatch.api.*;

@Component
@WatchTask(value = TaskEvent.EXEC, capture = Capture.CMDLINE)
public class RootExecs implements TaskWatcher {
    @Override
    public Verdict notify(TaskNotification n) {
        if (n.details().credentials().value().map(c -> c.uid() == 0).orElse(false)) {
            System.out.println(n.time() + " " + n.task().pid() + " " + n.details().commandLine());
        }
        return Verdict.ALLOW;
    }
}
