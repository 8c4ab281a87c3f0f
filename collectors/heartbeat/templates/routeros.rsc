# Paste into a terminal, or upload and /import. It takes the place of an older one.
/system scheduler remove [find name=@NAME@]
/system script remove [find name=@NAME@]
/system script add name=@NAME@ policy=ftp,read,write,test source=@SOURCE@
/system scheduler add name=@NAME@ interval=@SECONDS@s start-time=startup policy=ftp,read,write,test on-event=@NAME@
