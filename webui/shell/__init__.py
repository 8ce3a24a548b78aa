"""The running application: settings, sign-in, headers, errors, logs, navigation, drafts and saved forms."""
