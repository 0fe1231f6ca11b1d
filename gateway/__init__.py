"""What happens to one request: edge, operation, planner, plan, executor, policy, CLI.

Reading order: ``pipeline``, ``planner/planner``, ``executor/executor``.
"""
